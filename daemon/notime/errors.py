"""Everything notime raises on purpose.

    NotimeError                     code                  HTTP
    ├── BadRequest                  bad_request           400
    │   ├── TooLarge                too_large             413
    │   ├── UnsupportedMedia        unsupported_media     415
    │   └── ExpectationFailed       expectation_failed    417
    ├── Unauthorized                unauthorized          401
    ├── Forbidden                   forbidden             403
    ├── NotFound                    not_found             404
    ├── MethodNotAllowed            method_not_allowed    405
    ├── SlowRequest                 request_timeout       408
    ├── Unsummarizable              (abstract)            422
    │   ├── NotAnArticle            not_an_article
    │   ├── TooShort                too_short
    │   └── UnsupportedLanguage     unsupported_language
    ├── Busy                        busy                  429
    │   └── TooManyAttempts         too_many_attempts
    ├── ModelUnavailable            model_unavailable     503
    │   ├── UnknownModel            unknown_model         404
    │   ├── DownloadFailed          download_failed
    │   ├── OutOfMemory             out_of_memory
    │   └── Corrupt                 model_corrupt
    │       └── InsecureModel       model_insecure
    ├── ReaderFailed                reader_failed         503
    ├── HistoryUnavailable          history_unavailable   503
    │   ├── HistoryDamaged          history_damaged
    │   └── HistoryFull             history_unavailable
    ├── DaemonUnreachable           daemon_unreachable    502
    ├── PortInUse                   port_in_use           500
    ├── AlreadyRunning              already_running       500
    ├── ServiceFailed               service_failed        500
    ├── InsecureFile                insecure_file         500
    ├── BadSettings                 bad_settings          500
    ├── Cancelled                   cancelled             499
    └── InternalError               internal              500

Each carries one plain sentence for people, a `code` for programs, the HTTP status that `http/app.py` answers
with, and, where there is a way out, a `hint`. Third-party errors are re-raised as one of these where the third
party is imported. None of them quotes what the reader reads.
"""

from __future__ import annotations

EX_CONFIG = 78
"""Of a process that ends for what no restart mends, by BSD's sysexits.h; a service manager then leaves it ended."""


class NotimeError(Exception):
    """Base of the tree; catch it to catch all of them.

    Args:
        message: one plain sentence.
        hint: what to do about it.
    """

    code = "internal"
    status = 500
    exit_code = 1
    hint: str | None = None

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the hint when an error crosses a process."""
        return (_restore, (type(self), self.message, self.hint))


def _restore(kind: type[NotimeError], message: str, hint: str | None) -> NotimeError:
    return kind(message, hint=hint)


class BadRequest(NotimeError):
    """The input is malformed."""

    code = "bad_request"
    status = 400


class TooLarge(BadRequest):
    """More than the limit."""

    code = "too_large"
    status = 413


class UnsupportedMedia(BadRequest):
    """A body that is not JSON, or is encoded."""

    code = "unsupported_media"
    status = 415


class ExpectationFailed(BadRequest):
    """The client waits for something that does not come."""

    code = "expectation_failed"
    status = 417


class Unauthorized(NotimeError):
    """No token, or not a good one."""

    code = "unauthorized"
    status = 401
    hint = "Pair again: `notime pair` prints the key."


class Forbidden(NotimeError):
    """A host or an origin that may not use the daemon."""

    code = "forbidden"
    status = 403


class NotFound(NotimeError):
    """No such route or thing."""

    code = "not_found"
    status = 404


class MethodNotAllowed(NotimeError):
    """The route has no such method."""

    code = "method_not_allowed"
    status = 405


class SlowRequest(NotimeError):
    """The body did not arrive in time."""

    code = "request_timeout"
    status = 408


class Unsummarizable(NotimeError):
    """A page that was understood and should not be summarised."""

    status = 422


class NotAnArticle(Unsummarizable):
    """A page without an article on it."""

    code = "not_an_article"


class TooShort(Unsummarizable):
    """An article that is read faster than its summary."""

    code = "too_short"


class UnsupportedLanguage(Unsummarizable):
    """A language that the model does not write."""

    code = "unsupported_language"


class Busy(NotimeError):
    """The queue is full; `retry_after` says in how many seconds to ask again."""

    code = "busy"
    status = 429
    retry_after = 5


class TooManyAttempts(Busy):
    """Too many bad tokens; good sessions are not affected."""

    code = "too_many_attempts"
    retry_after = 30


class ModelUnavailable(NotimeError):
    """The model is not on this machine, or does not run."""

    code = "model_unavailable"
    status = 503
    hint = "Run `notime models build`."


class UnknownModel(ModelUnavailable):
    """No such entry in the catalog."""

    code = "unknown_model"
    status = 404
    hint = "`notime models list` shows what there is."


class OutOfMemory(ModelUnavailable):
    """The system gives the model no memory."""

    code = "out_of_memory"
    hint = "Close other programs, or choose a smaller model."


class DownloadFailed(ModelUnavailable):
    """A source could not be fetched."""

    code = "download_failed"
    hint = "Check the connection and run the command again; what is already there is kept."


class Corrupt(ModelUnavailable):
    """A file does not have the sha256 it must have."""

    code = "model_corrupt"
    hint = "Run `notime models build --force`."


class InsecureModel(Corrupt):
    """A model that another user of the machine could have changed."""

    code = "model_insecure"


class ReaderFailed(NotimeError):
    """The process that reads pages hit its limit of time or memory, or died."""

    code = "reader_failed"
    status = 503


class HistoryUnavailable(NotimeError):
    """The history cannot be read or written; summaries are made all the same."""

    code = "history_unavailable"
    status = 503


class HistoryDamaged(HistoryUnavailable):
    """The history's file is damaged, and was set aside."""

    code = "history_damaged"
    hint = "Ask again: a new history begins."


class HistoryFull(HistoryUnavailable):
    """The disk has no room for it."""


class DaemonUnreachable(NotimeError):
    """No daemon answers, or not the one we are paired with."""

    code = "daemon_unreachable"
    status = 502
    hint = "Start it with `notime serve`."


class PortInUse(NotimeError):
    """Another program listens on the daemon's port."""

    code = "port_in_use"


class AlreadyRunning(NotimeError):
    """Another daemon of this user runs."""

    code = "already_running"


class ServiceFailed(NotimeError):
    """The platform's service manager is not there, or does not do what it was asked."""

    code = "service_failed"


class InsecureFile(NotimeError):
    """A secret that others on this machine could read."""

    code = "insecure_file"
    exit_code = EX_CONFIG


class BadSettings(NotimeError):
    """A setting that makes no sense."""

    code = "bad_settings"
    exit_code = EX_CONFIG


class Cancelled(NotimeError):
    """The reader asked to stop."""

    code = "cancelled"
    status = 499


class InternalError(NotimeError):
    """A bug of ours."""

    hint = "Please report it; `notime serve` prints where it happened."
