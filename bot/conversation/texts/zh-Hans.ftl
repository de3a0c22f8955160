# Every sentence the bot says, in Simplified Chinese. Plain, warm, short. Never claim what a test disproves.

## Beginning and help

welcome =
    您好，这里是减负哨。
    把您遇到的额外负担用自己的话写给我就行，比如被要求投票、站马路、反复填表、应付检查。
    我会先遮住姓名、电话、学校等信息，给您看过、您点「提交」以后才算反映。
    谁能看到什么，请先读一下 /privacy；怎么用，看 /help。
start-region = 好的，接下来这条反映会算在「{ $region }」。
help-reporter =
    直接写下您遇到的事，我来归类、找出文件里的依据，您确认后再提交。
    /status 回执号 查进度
    /withdraw 回执号 撤回
    /cancel 放弃正在写的这条
    /privacy 谁能看到什么
    不打斜杠也行：帮助、取消、进度 回执号、撤回 回执号、隐私。
help-staff =
    您可以用的命令：
    /stats 问已发布的数字，例如「/stats 上周 海淀」「/stats 2026-W40 投票」
    /digest 看最近一期周报
    直接写下一段话，就是反映一件事；和老师们用起来一样。
unknown-command = 没有这个命令。能用的命令见 /help。

## Texts that are no report text

empty-message = 这条消息是空的，请把事情写成文字发给我。
unsupported = 图片、语音、视频、文件和表情我都不收，因为没法替您遮住里面的信息；刚才的内容没有保存。请用文字写给我。
edited = 您改了之前的消息，可我只看新发来的。请把改好的内容重新发一遍；要放弃正在写的这条，发 /cancel。
private-only = 为了保护您，我只在私聊里说话。请点我的头像，单独发消息给我。
number-unknown = 没有这个选项，请回复 1 到 { $most } 之间的数字。
number-nothing = 现在没有可选的编号。要反映事情，请写成一句话发给我。
stale-button = 这个按钮已经用过或者过期了。要反映事情，直接写给我就行。
answer-question = 我把它当作一个问题来看，没有当作反映保存。
answer-nearest = 和它最接近的规定是「{ $name }」：
answer-praise = 真好，谢谢您告诉我。这条没有当作反映保存。
answer-complaint = 这件事听着很不容易，不过它好像不属于教师额外负担的范围，没有当作反映保存。可以试试当地教育部门或 12345。
answer-chat = 我在。遇到额外负担，直接写给我就行；怎么用，看 /help。
choice-insist = 仍作为反映提交

## The draft

draft-head = 请看看，这样报上去行吗？
    ┄┄┄┄┄┄
draft-foot = ┄┄┄┄┄┄
draft-masked = 已遮住 { $count } 处个人信息。还有会暴露您的地方吗？可以取消重写。
draft-category = 类别：{ $names }
draft-clause = 依据：{ $place }「{ $text }」
draft-right = { $right }
draft-body = 谁要求的：{ $body }
draft-region = 地区：{ $region }
draft-region-several = 地区：{ $region }（不对的话，直接写区名）
draft-renewed = 文件依据或地区设置刚更新过，我重新归了一次类，请再看一遍。
draft-unsure = 这个类别我拿不太准，不对的话请点「改类别」。
choice-submit = 提交
choice-category = 改类别
choice-more = 补充
choice-drop = 取消
choice-split = 另起一条
choice-groups = 更多类别
choice-back = 返回
supplement-prompt = 请接着写，我会加到这条反映里。
cancelled = 好的，这条没有提交，写的内容已经删掉。
nothing-to-cancel = 现在没有正在写的反映。
not-submitted = 未提交：正在写的这条没有保存。
ask-region = 这件事发生在哪个区？点一下，或者直接写区名。
ask-category =
    哪一类更像您遇到的事？
    { $described }
ask-group = 先选一个大类：

## The receipt

receipt =
    已收到，谢谢您说出来。
    回执号：{ $receipt }
    请自己存好：查进度、撤回都只认它，丢了谁也找不回来。
    { $right }
status-usage = 请把回执号写在后面，例如：/status ABCDE-FGHJK-MNPQR-STUVW
withdraw-usage = 请把回执号写在后面，例如：/withdraw ABCDE-FGHJK-MNPQR-STUVW
status-stored =
    这条反映已保存。
    类别：{ $names }
    归入：{ $week } 这一周
status-withdrawn = 这条反映已经撤回，内容已删除。
withdrawn-whole = 已撤回：内容删除了，也不会计入统计。
withdrawn-text = 内容已删除。不过那一周已经截止，它在那一周统计里的一份不会再变。

## Joining, statistics, digest

joined-supervisor = 已加入：您会收到「{ $region }」的周报。可以用 /stats、/digest。
joined-administrator = 已加入：您是管理员，可以用 /stats、/digest。
join-usage = 请把邀请码写在后面，例如：/join ABCD-EFGH-JKMN
staff-only = 这个命令只给受邀的督导和管理员用。有邀请码的话，请发 /join 邀请码。
not-open-yet = 周报和统计要等数字的发布审查完成后才对督导开放，现在还不行。
no-digest = 还没有发布过周报。每周的数字在第二周发布。
stats-usage =
    请写出想看的周、地区或类别，例如：
    /stats 上周
    /stats 2026-W40 海淀
    /stats 投票
stats-head = { $period } · { $region } · { $what }
stats-row = { $name }：{ $low }–{ $high } 个账号
stats-row-weeks = { $name }：{ $low }–{ $high } 个账号·周（{ $shown }/{ $weeks } 周有显示）
stats-source-chat = 聊天反映
stats-source-import = 来信来电（按来信人计）
stats-hidden = 未显示：不足 { $k } 个账号、没有，或者为防推算而不列。
stats-not-released = { $period } 还没有发布。已发布的最近一周是 { $latest }。
stats-none-released = 还没有发布过任何一周的数字。
stats-ambiguous = 「{ $word }」可能是：{ $choices }。请写得更完整一点。
stats-all = 全部类别
stats-more-categories = 各类别：
stats-more-groups = 各大类：
stats-more-regions = 各区：
stats-note = 数字是不同账号的个数，按区间显示；「未显示」不等于没有。
digest-title = 减负哨周报 · { $region } · { $week }（{ $from } 至 { $to }）
digest-headline-none = 本周没有可以显示的数字。
digest-headline = 本周有 { $low }–{ $high } 个账号反映了额外负担。
digest-headline-top = 最多的是「{ $name }」。
digest-headline-hidden = 本周总数没有显示；下面是可以显示的部分。
digest-categories = 各类别（不同账号数）：
digest-groups = 各大类（不同账号数）：
digest-nothing = （没有可以显示的）
digest-city = 【全市】{ $region }
digest-districts = 各区：
digest-bodies = 提出要求的部门（全市）：
digest-row = · { $name } { $low }–{ $high }{ $trend }
digest-trend-up = ↑
digest-trend-down = ↓
digest-trend-same = →
digest-trend-note = ↑ ↓ → 是和上一周的区间相比；上一周没有显示的，不比。
digest-clauses = 涉及的规定：
digest-clause = · { $place }「{ $text }」
digest-hidden = 没有列出的，是不足 { $k } 个账号、没有，或者为防推算而不列：特意不区分，以免认出谁。
digest-accounts = 数的是账号，不是人；每个账号每周最多计 { $cap } 类。
digest-import-head = 来信来电（单独统计，按来信人计；没写来信人的，每区只算一个）：
digest-ungated = 试用数据：这一期没有经过发布审查，不得外传。
chart-title = { $region } { $week } 各类别账号数
chart-axis = 不同账号数（区间）
chart-empty = 本周没有可以显示的数字

## What went wrong

error-generic = 这次没有办成，请稍后再试一次。
error-too-long = 太长了：最多 { $limit } 个字。请分成几条，或者写得短一点。
error-too-many = 发得太快了，这条没有收下，请过一分钟再发。
error-too-many-reports = 一天里提交的条数到上限了，这条还没有提交；请过几个小时再点「提交」。
error-unknown-region = 没有找到这个地区。
error-unknown-receipt = 没有找到这个回执号对应的反映，请再核对一下。
error-receipt-typo = 这个回执号输得不对，请对照着重新输入。回执号里没有 0、1、I、L、O。
error-masking-refused = 这段话里有我没把握遮住的信息，所以什么都没有保存。请去掉姓名、电话、证件号后再发一次。
error-invitation = 这个邀请码不对、用过了或者过期了，请向管理员再要一个。
error-query = 没看懂「{ $words }」。可以写：一个周（上周、2026-W40）、一个地区、一个类别。

## Privacy, put together from the effective settings

privacy-head = 谁能看到什么，说实话：
privacy-telegram =
    · Telegram 公司能看到您和我聊天，也能看到您写的每个字；我们管不了。
    · 手机上的聊天记录请自己删除。
privacy-terminal = · 您正在这台电脑上直接输入；能用这台电脑的人可能看到屏幕上的字。
privacy-masked = · 我先遮住姓名、电话、学校等信息再保存。遮盖是自动的，可能有遗漏：请在草稿里自己再看一遍。
privacy-stored = · 保存的是：遮住后的文字、地区、类别、提要求的部门、哪一周。反映里不保存您的账号、姓名，也不记哪一天。
privacy-operator =
    · 运行这台服务器的人：收到消息时，能看到您的账号和原话；保存以后，能读到遮住后的文字。
    · 为了数清有多少个不同账号，每条反映另有一张密封的计数条。在一期（一般 { $weeks } 周）统计结束、密钥销毁之前，他拿着某个账号去试，能查出它有没有反映过、哪个区、哪一类，往往还对得上是哪一条。密钥销毁以后，计数条谁也打不开。
privacy-brief = · 没处理完的消息、草稿和还没送达的回复会加密保存；草稿一天后删掉。服务运行时，密钥最多 48 小时就销毁；到那时还没处理完、没送达的，换新密钥接着留，办完就删。
privacy-kept = · 反映最多保存 { $days } 天后删除。您可以凭回执号随时撤回：内容会删掉；在那一周截止前撤回的，也不计入统计。
privacy-published = · 对外只发布每周的区间数字：同一项不足 { $k } 个不同账号的，一律不显示。有人用很多假账号时，这个保护会变弱。
privacy-identify = · 写的事情如果全校只有您一个人遇到，别人可能从内容认出您。请写得笼统一点。
privacy-staff = · 督导和管理员的账号会加密保存，用来认出您、给您发周报；运行服务器的人可以随时移除。

## Command menu (32 characters at most each in the menu of Telegram)

menu-start = 开始反映
menu-help = 怎么用
menu-cancel = 放弃正在写的这条
menu-status = 凭回执号查进度
menu-withdraw = 凭回执号撤回
menu-privacy = 谁能看到什么

## Terminal

terminal-hello = 终端试用：一行就是一条消息，选项回复数字。按 Ctrl-D 结束。
terminal-choice = { $number }. { $label }
terminal-unreadable = 这一行不是能读的文字（要用 UTF-8 编码，不能有控制字符），没有收下。
terminal-file = 〔文件：{ $name }〕

## To administrators

notice-release-failed = 减负哨：{ $period } 还没能发布（{ $reason }），请在服务器上运行 jianfu release 查看。
notice-reason-key = 这一期的密钥读不到或不对
notice-reason-clock = 一下子有太多周到期，多半是服务器的钟不对
notice-reason-other = 数据库出了问题

## Bodies of an error while the service starts stand in English in the log.
