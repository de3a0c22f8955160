# Every sentence the bot says, in English.

## Beginning and help

welcome =
    Hello, this is Jianfu.
    Tell me in your own words about a burden that is not teaching: forced voting, street duty, the same form again, inspections.
    I first mask names, phones and schools and show you the text; it becomes a report only after you press "Submit".
    Please read who can see what: /privacy. How it works: /help.
start-region = Your next report will count for { $region }.
help-reporter =
    Just write what happened. I sort it, find the clause, and you confirm before it is submitted.
    /status RECEIPT how it stands
    /withdraw RECEIPT take it back
    /cancel drop what you are writing
    /privacy who can see what
help-staff =
    Your commands:
    /stats asks released numbers, e.g. "/stats last week haidian", "/stats 2026-W40 voting"
    /digest shows the latest digest
    A plain text is a report, as for every teacher.
unknown-command = There is no such command. See /help.

## Texts that are no report text

empty-message = This message is empty. Please write it as text.
unsupported = I take no pictures, voice, video, files or stickers, because I cannot mask what is in them; nothing was kept. Please write it as text.
edited = You edited an earlier message, but I only read new ones. Please send the new wording again; /cancel drops the draft.
private-only = To protect you I only talk in private. Please open a private chat with me.
number-unknown = There is no such choice; please answer with a number from 1 to { $most }.
number-nothing = There is nothing to choose by number now. To report something, please write a sentence.
stale-button = This button was used already or is out of date. To report something, just write to me.
answer-question = I read this as a question; it was not kept as a report.
answer-nearest = The closest rule is "{ $name }":
answer-praise = Good to hear, thank you. It was not kept as a report.
answer-complaint = That sounds hard, but it does not seem to be one of the burdens I collect, so it was not kept as a report. The local education office or 12345 may help.
answer-chat = I am here. Write to me about a burden whenever you like; see /help.
choice-insist = Submit it as a report all the same

## The draft

draft-head = Is this right to send?
    ┄┄┄┄┄┄
draft-foot = ┄┄┄┄┄┄
draft-masked = { $count } pieces of personal data are masked. Does anything else give you away? You can cancel and write it again.
draft-category = Category: { $names }
draft-clause = Clause: { $place } “{ $text }”
draft-right = { $right }
draft-body = Demanded by: { $body }
draft-region = Region: { $region }
draft-region-several = Region: { $region } (if it is wrong, just write the right one)
draft-renewed = The policy or the regions have just been updated, so I sorted your text again; please check it.
draft-unsure = I am not sure about the category; press "Change category" if it is wrong.
choice-submit = Submit
choice-category = Change category
choice-more = Add something
choice-drop = Cancel
choice-split = Make it a second report
choice-groups = More categories
choice-back = Back
supplement-prompt = Go on writing; I will add it to this report.
cancelled = All right: it was not submitted and the text is deleted.
nothing-to-cancel = There is no report being written.
not-submitted = Not submitted: the draft was not kept.
ask-region = Which district is it about? Tap it or write its name.
ask-category =
    Which is closest?
    { $described }
ask-group = Choose a group first:

## The receipt

receipt =
    Received. Thank you for saying it.
    Receipt: { $receipt }
    Keep it yourself: status and withdrawal need it, and nobody can find it again.
    { $right }
status-usage = Put the receipt behind it: /status ABCDE-FGHJK-MNPQR-STUVW
withdraw-usage = Put the receipt behind it: /withdraw ABCDE-FGHJK-MNPQR-STUVW
status-stored =
    This report is stored.
    Category: { $names }
    Week: { $week }
status-withdrawn = This report was withdrawn and its text is deleted.
withdrawn-whole = Withdrawn: the text is deleted and it will not be counted.
withdrawn-text = The text is deleted. Its week has closed, so its share in that week's numbers stays.

## Joining, statistics, digest

joined-supervisor = You joined: you will get the digest of { $region }. Use /stats and /digest.
joined-administrator = You joined as administrator. Use /stats and /digest.
join-usage = Put the invitation code behind it: /join ABCD-EFGH-JKMN
staff-only = This command is for invited supervisors and administrators. With an invitation, send /join CODE.
not-open-yet = Digests and statistics open to supervisors once the numbers pass the release gate; not yet.
no-digest = No digest has been released yet. A week's numbers are released in the following week.
stats-usage =
    Name a week, a region or a category:
    /stats last week
    /stats 2026-W40 haidian
    /stats voting
stats-head = { $period } · { $region } · { $what }
stats-row = { $name }: { $low }–{ $high } accounts
stats-row-weeks = { $name }: { $low }–{ $high } account-weeks (shown in { $shown } of { $weeks } weeks)
stats-source-chat = chat reports
stats-source-import = letters and calls (by writer)
stats-hidden = Not shown: fewer than { $k } accounts, none, or left out so that nothing can be worked out.
stats-not-released = { $period } is not released yet. The latest released week is { $latest }.
stats-none-released = No week has been released yet.
stats-ambiguous = "{ $word }" may be: { $choices }. Please write more of it.
stats-all = all categories
stats-more-categories = Categories:
stats-more-groups = Groups:
stats-more-regions = Districts:
stats-note = Numbers are different accounts, shown as bands; "not shown" does not mean none.
digest-title = Jianfu digest · { $region } · { $week } ({ $from } to { $to })
digest-headline-none = No number can be shown this week.
digest-headline = { $low }–{ $high } accounts reported burdens this week.
digest-headline-top = Most often: { $name }.
digest-headline-hidden = The total is not shown; what can be shown follows.
digest-categories = Categories (different accounts):
digest-groups = Groups (different accounts):
digest-nothing = (nothing can be shown)
digest-city = [Whole city] { $region }
digest-districts = Districts:
digest-bodies = Bodies that demanded it (whole city):
digest-row = · { $name } { $low }–{ $high }{ $trend }
digest-trend-up = ↑
digest-trend-down = ↓
digest-trend-same = →
digest-trend-note = ↑ ↓ → compare with the band of the week before, where that was shown.
digest-clauses = Clauses concerned:
digest-clause = · { $place } “{ $text }”
digest-hidden = What is not listed has fewer than { $k } accounts, none, or is left out so that nothing can be worked out: kept alike on purpose.
digest-accounts = Accounts are counted, not people; one account counts in at most { $cap } categories a week.
digest-import-head = Letters and calls (counted apart, by writer; all without a writer are one per district):
digest-ungated = Trial data: this release did not pass the release gate and must not be passed on.
chart-title = { $region } { $week }: accounts per category
chart-axis = different accounts (bands)
chart-empty = No number can be shown this week

## What went wrong

error-generic = That did not work; please try again in a moment.
error-too-long = Too long: at most { $limit } characters. Please split it or make it shorter.
error-too-many = That was too fast, so I did not take this message; please send it again in a minute.
error-too-many-reports = You have reached the limit of reports for one day, so this one is not submitted yet; please press "Submit" again in a few hours.
error-unknown-region = This region was not found.
error-unknown-receipt = No report belongs to this receipt; please check it.
error-receipt-typo = This receipt has a typing error; please type it again. Receipts have no 0, 1, I, L or O.
error-masking-refused = There is something here I cannot mask for certain, so nothing was kept. Please take out names, phone and id numbers and send it again.
error-invitation = This invitation is wrong, used or out of date; please ask the administrator for a new one.
error-query = I did not understand "{ $words }". Name a week (last week, 2026-W40), a region or a category.

## Privacy

privacy-head = Who can see what, honestly:
privacy-telegram =
    · Telegram can see that you write to me, and every word of it; we cannot change that.
    · Please delete the chat on your phone yourself.
privacy-terminal = · You are typing on this computer; whoever can use it may see the screen.
privacy-masked = · I mask names, phones and schools before anything is kept. Masking is automatic and may miss something: please check the draft.
privacy-stored = · Kept are the masked text, region, category, the office that asked, and the week. A report holds neither your account nor your name nor the day.
privacy-operator =
    · Whoever runs this server can see your account and your own words when a message arrives, and can read the masked text afterwards.
    · To count different accounts, each report has a sealed slip. Until a period (usually { $weeks } weeks) is counted and its key destroyed, they can test whether a given account reported, in which district and category, and often find which report it was. Afterwards nobody can open the slips.
privacy-brief = · Messages not handled yet, drafts and answers not delivered yet are encrypted; a draft is deleted after a day. While the service runs, a key is destroyed within 48 hours; what is not handled or delivered by then moves to a new key until it is, and is then deleted.
privacy-kept = · A report is deleted after { $days } days at the latest. You can withdraw it with its receipt at any time: its text is deleted; before the end of its week, it is not counted either.
privacy-published = · Only weekly bands are published: anything with fewer than { $k } different accounts is not shown. Many fake accounts would weaken this.
privacy-identify = · If you are the only one at your school it could be about, the content may give you away. Please stay general.
privacy-staff = · Accounts of supervisors and administrators are kept encrypted to know them and send them the digest; whoever runs the server can remove them.

## Command menu

menu-start = Report something
menu-help = How it works
menu-cancel = Drop what you are writing
menu-status = Status by receipt
menu-withdraw = Withdraw by receipt
menu-privacy = Who can see what

## Terminal

terminal-hello = Terminal trial: one line is one message, answer choices by number. Ctrl-D ends.
terminal-choice = { $number }. { $label }
terminal-unreadable = This line is not readable text (UTF-8 without control characters), so it was not taken.
terminal-file = [file: { $name }]

## To administrators

notice-release-failed = Jianfu: { $period } could not be released ({ $reason }); run jianfu release on the server.
notice-reason-key = the key of this period is missing or wrong
notice-reason-clock = too many weeks are due at once: the clock of the server is probably wrong
notice-reason-other = the database failed
