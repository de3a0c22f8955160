"""The error tree: every failure the service can name."""

from __future__ import annotations


class ServiceError(Exception):
    """The service could not do what was asked."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().partition("\n")[0])


class ConfigurationError(ServiceError):
    """A setting or file is wrong, so the service does not start."""


class PolicyPackError(ConfigurationError):
    """The policy pack contradicts itself or its documents; names the file and the rule."""


class AnswerableError(ServiceError):
    """The person can put it right; `key` and `arguments` name the sentence in the text files."""

    key = "error-generic"

    def __init__(self, message: str | None = None, **arguments: str | int) -> None:
        super().__init__(message)
        self.arguments = arguments


class ReportTooLongError(AnswerableError):
    """The text is longer than a report may be."""

    key = "error-too-long"


class TooManyReportsError(AnswerableError):
    """More reports came from one account within a day than the limit allows."""

    key = "error-too-many-reports"


class UnknownRegionError(AnswerableError):
    """No region has this name."""

    key = "error-unknown-region"


class UnknownReceiptError(AnswerableError):
    """No report belongs to this receipt."""

    key = "error-unknown-receipt"


class MaskingRefusedError(AnswerableError):
    """The text could not be masked for certain, so nothing of it was kept."""

    key = "error-masking-refused"


class InvitationError(AnswerableError):
    """The invitation is unknown, used or out of date."""

    key = "error-invitation"


class QueryError(AnswerableError):
    """A statistics question could not be understood."""

    key = "error-query"


class ReleaseRefusedError(ServiceError):
    """The release rule says no; names the rule, never the counts."""


class StorageError(ServiceError):
    """The database failed; the cause is kept."""


class DuplicateError(StorageError):
    """The row is already there."""


class MigrationError(StorageError):
    """The database schema is not the one this version needs."""


class KeyMissingError(StorageError):
    """A key file is missing or unreadable."""


class SealBrokenError(StorageError):
    """A sealed value was changed, moved or sealed under another key."""


class ChannelError(ServiceError):
    """A platform failed."""


class ChannelUnavailableError(ChannelError):
    """The platform cannot be reached now; `delay` says in seconds when to try again.

    `ambiguous` is true when the message may have arrived all the same.
    """

    def __init__(self, message: str | None = None, *, delay: float = 1.0, ambiguous: bool = False) -> None:
        super().__init__(message)
        self.delay = delay
        self.ambiguous = ambiguous


class ChannelRefusedError(ChannelError):
    """The platform refuses these credentials; the channel stays down until the configuration is changed."""


class RecipientGoneError(ChannelError):
    """The recipient cannot be reached any more; stop delivering to them."""


class InvalidEnvelopeError(ChannelError):
    """The callback is not genuine; drop it."""
