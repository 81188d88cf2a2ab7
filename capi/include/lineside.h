#ifndef LINESIDE_H
#define LINESIDE_H

/// Lineside in C: a voice carrier's customer portal inside any program, near (an engine over a database in the process)
/// or far (a client over HTTPS). This header is the whole of it and its ABI is stable: see docs/abi.md, and
/// docs/guide/c.md for a first program.
///
/// Conventions, which hold wherever a comment does not say otherwise:
///
/// Names. `lineside_<noun>_<verb>` is a function, `lineside_<noun>` a type, `LINESIDE_<ENUMERATION>_<VALUE>` a
/// constant.
///
/// Failure. What can fail returns `lineside_error *`: NULL is success, anything else is yours to free. On failure
/// nothing is written through `out` pointers but NULL. Every operation may fail with `cancelled`, `timed_out`,
/// `unauthenticated` (the credential is wrong or has ended), `permission_denied`, `unavailable`, `storage`, `exhausted`
/// (also: out of memory), `internal` and, at a far portal, `protocol`; others are named. NULL where none is allowed, a
/// structure that is too small and an unknown constant are `invalid_argument` and name the parameter or member.
///
/// Ownership. What is written through a `T **out` is yours, until its `lineside_<type>_free`. What is returned, or
/// pointed to by a member, belongs to whatever it was reached through. Arguments are read during the call and may go
/// after it. `_free` takes NULL, and handles and values may be freed in any order: values, watches, servers, queues and
/// portals of others may outlive the portal they came from, and what still needs it then fails with `unavailable`.
///
/// Texts are UTF-8 and end with a zero byte. In an answer a text is never NULL unless the member says "NULL: unset". In
/// a request NULL is the default, which is the empty text unless the member names another one.
///
/// Times are int64_t milliseconds since 1970-01-01T00:00Z, lengths of time int64_t milliseconds; a name that ends in
/// `_s`, `_hours` or `_days` says another unit. Ranges are half-open: `to` is outside. Money is exact: see
/// lineside_money.
///
/// Truth is an int32_t: 0 is no, all else yes.
///
/// Constants stand in int32_t members. Named after an enumeration `lineside_<x>`, a member takes its `LINESIDE_<X>_*`.
/// All begin at 1: in a request 0 is the default, in an answer it stands where there is none.
///
/// Requests and options are structures of yours with `size_t struct_size` first. Begin with LINESIDE_INIT(type), which
/// makes everything else 0: the default. New members come at the end, so a program keeps its meaning with a newer
/// library; one that sets a member that an older library does not know is told so (`struct_size`). NULL is a request
/// with nothing set. Structures inside them are pointed to. Where 0 has a meaning of its own and is not the default,
/// the member is a pointer: NULL is the default.
///
/// Values are made by the library, to be read only, and freed whole. New members come at the end here, too, so a
/// program must not run with a library older than its header. A value of a type with `struct_size` may be sent as a
/// request, and so may a copy that was changed: made with LINESIDE_COPY, for the library may know more members than the
/// program has room for. Nested values are pointed to and never NULL unless "NULL: unset".
///
/// Lists are a pointer and a count, `items` and `items_count`; lists of structures hold pointers. Where a list may be
/// unset, NULL is unset and a pointer with count 0 is the empty list. lineside_money, lineside_time_range and
/// lineside_number_range never grow.
///
/// Operations come in two forms. `lineside_x_y(portal, request, options, &out)` blocks: at an engine it runs in the
/// calling thread. `lineside_x_y_async(portal, request, options, queue, tag)` has read its arguments when it returns,
/// runs on the library's threads, and completes into a queue, also where it fails; it returns only what is wrong with
/// the arguments, and then nothing completes. Take its answer with `lineside_<type>_take`, or lineside_completion_check
/// where there is none.
///
/// Threads. Every function may be called from every thread, also with the same handle, but a `_free` must be the last
/// call with what it frees. No thread of the library ever runs the host's code, but for the callbacks that say so.
///
/// Callbacks end in a `void *context`, must not throw and must not free what calls them.
///
/// Fork. A child may free what it has of its parent and open its own; of handles it inherited, all else is
/// `unavailable`.
///
/// Everything is `@since 0.1`, as far as it says nothing else.

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LINESIDE_C_API __attribute__((visibility("default")))
#else
#define LINESIDE_C_API
#endif

#define LINESIDE_VERSION_MAJOR 0
#define LINESIDE_VERSION_MINOR 1
#define LINESIDE_VERSION_PATCH 0

/// Programs that were compiled with one number run with every library of the same number that is at least as new.
#define LINESIDE_ABI_VERSION 0

/// A structure with nothing but its size set: `lineside_call_query q = LINESIDE_INIT(lineside_call_query);`
#ifdef __cplusplus
#define LINESIDE_INIT(type) (lineside_init<type>())
template <class Structure>
inline Structure lineside_init() {
    Structure s = Structure();
    s.struct_size = sizeof(Structure);
    return s;
}
#else
#define LINESIDE_INIT(type) ((type){.struct_size = sizeof(type)})
#endif

/// Copies what `from` points to into `to`, a structure of the program with a `struct_size`: `LINESIDE_COPY(rule, got)`.
/// What is inside still belongs to the original.
#define LINESIDE_COPY(to, from) ((to) = *(from), (to).struct_size = sizeof(to))

#ifdef __cplusplus
extern "C" {
#endif

// ---- The library

/// The version of the library that runs: "0.1.0".
LINESIDE_C_API const char* lineside_version(void);

/// LINESIDE_ABI_VERSION of the library that runs.
LINESIDE_C_API int32_t lineside_abi_version(void);

/// `sizeof` of a structure in the library that runs, by its name: "lineside_call_query"; 0: there is none. It is larger
/// than the program's where the library has members that the program does not know.
LINESIDE_C_API size_t lineside_struct_size(const char* type);

// ---- Errors

/// What went wrong, by what the caller can do next.
enum lineside_code {
    LINESIDE_INVALID_ARGUMENT = 1,    ///< the request is wrong: mend it; `field` says where
    LINESIDE_UNAUTHENTICATED = 2,     ///< sign in (again)
    LINESIDE_PERMISSION_DENIED = 3,   ///< whoever asks may not
    LINESIDE_NOT_FOUND = 4,           ///< no such thing, or not yours
    LINESIDE_CONFLICT = 5,            ///< it exists already, or somebody else was first
    LINESIDE_EXHAUSTED = 6,           ///< a limit, a quota or the memory is used up: later, or ask for more
    LINESIDE_PRECONDITION_FAILED = 7, ///< the thing changed since it was read: read it again
    LINESIDE_UNAVAILABLE = 8,         ///< not now: try again
    LINESIDE_TIMED_OUT = 9,           ///< the deadline passed
    LINESIDE_CANCELLED = 10,          ///< the caller asked to stop
    LINESIDE_PROTOCOL = 11,           ///< the other side broke the protocol
    LINESIDE_STORAGE = 12,            ///< the database failed
    LINESIDE_INTERNAL = 13            ///< a defect of Lineside
};

/// "invalid_argument" ...; NULL: there is no such code.
LINESIDE_C_API const char* lineside_code_name(int32_t code);

/// A failure. No text is ever NULL.
typedef struct lineside_error {
    int32_t code;           ///< lineside_code
    int32_t retryable;      ///< the same call may succeed later
    const char* message;    ///< one sentence for people, naming file, line and field where there are some
    const char* field;      ///< the member of the request that is wrong, "tolerance.start_ms"; or ""
    const char* request_id; ///< for the other side's log; or ""
    int32_t http_status;    ///< 0 where no server answered
    int32_t cause_code; ///< the code below, of `cause_category`: a lineside_number_refusal of "lineside.numbers" ...
    const char* cause_category; ///< "lineside.numbers", "lineside.calls", "system" ...; or "": nothing is known
    const char* cause;          ///< the message of `cause_code`; or ""
} lineside_error;

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_error_free(lineside_error* error);

// ---- Memory

/// Where the library gets the memory of what it hands to C: handles, values, errors, completions and texts. The engine
/// and the client behind them use C++'s `operator new`.
typedef struct lineside_allocator {
    size_t struct_size;
    /// Memory for any type, or NULL: what needed it then fails with `exhausted`. From any thread; calls nothing of
    /// Lineside.
    void* (*allocate)(void* context, size_t size);
    /// Takes back what `allocate` gave; never NULL. Likewise.
    void (*release)(void* context, void* memory);
    void* context;
} lineside_allocator;

/// Says where memory comes from, for the whole process; NULL: malloc and free, as from the beginning. Errors:
/// invalid_argument, conflict (the library has given out memory that is not back yet).
LINESIDE_C_API lineside_error* lineside_set_allocator(const lineside_allocator* allocator);

/// Frees a text that was written through a `char **`.
LINESIDE_C_API void lineside_text_free(char* text);

// ---- Handles

/// Somebody's view of accounts, calls and their numbers, people, money and number blocks: the operator's, a contact's,
/// an API key's or nobody's.
typedef struct lineside_portal lineside_portal;
/// Where asynchronous calls complete.
typedef struct lineside_queue lineside_queue;
/// A stream of what changes in an account.
typedef struct lineside_watch lineside_watch;
/// Puts a portal on HTTP.
typedef struct lineside_server lineside_server;
/// Stops calls.
typedef struct lineside_cancellation lineside_cancellation;
/// See below.
typedef struct lineside_completion lineside_completion;
typedef struct lineside_import_progress lineside_import_progress;
typedef struct lineside_rejected_row lineside_rejected_row;
typedef struct lineside_alert_event lineside_alert_event;

// ---- Values that are everywhere

/// A half-open range `[from, to)` of time. As the default: all there is.
typedef struct lineside_time_range {
    int64_t from;
    int64_t to;
} lineside_time_range;

/// A decimal amount: `units + nanos / 1,000,000,000` of a currency. `units` and `nanos` never differ in sign.
typedef struct lineside_money {
    int64_t units;
    int32_t nanos;
    const char* currency; ///< ISO 4217; empty where the source does not say
} lineside_money;

/// Reads `12`, `-0.5`, `12.345678901`. Errors: invalid_argument (also when it does not fit).
LINESIDE_C_API lineside_error* lineside_money_parse(const char* amount, int64_t* units, int32_t* nanos);

/// Bytes that always hold what lineside_money_format writes.
#define LINESIDE_MONEY_SIZE 48
/// The amount alone, `12.34`, with as many decimals as it needs and at least two. Errors: invalid_argument (`size` is
/// too small).
LINESIDE_C_API lineside_error* lineside_money_format(const lineside_money* money, char* out, size_t size);

/// Reads ISO 8601: `2026-03-01`, `2026-03-01T12:34`, `...:56`, `...:56.789`, each but the first with `Z` or an offset
/// `+02:00`. Without offset it is UTC. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_time_parse(const char* text, int64_t* out);

/// Bytes that always hold what lineside_time_format writes.
#define LINESIDE_TIME_SIZE 48
/// Writes `2026-03-01T12:34:56.789Z`; with an offset from UTC local time and that offset. Errors: invalid_argument
/// (`size` is too small).
LINESIDE_C_API lineside_error* lineside_time_format(int64_t time, int32_t offset_s, char* out, size_t size);

// ---- How a call is made

/// Stops the calls that were made with it; of those made after the request, too.
LINESIDE_C_API lineside_error* lineside_cancellation_create(lineside_cancellation** out);
/// Asks them to stop; they fail with `cancelled`. A read stops at any time, lineside_record_import keeps what it has
/// committed, every other write is all or nothing.
LINESIDE_C_API void lineside_cancellation_request(lineside_cancellation* cancellation);
/// The calls go on.
LINESIDE_C_API void lineside_cancellation_free(lineside_cancellation* cancellation);

/// How one call is made. NULL does for most.
typedef struct lineside_call_options {
    size_t struct_size;
    int64_t timeout_ms; ///< the whole call, retries included; then it fails with `timed_out`. 0: no limit
    /// Says that a later call with the same key is this one again: what creates or changes something is done once, and
    /// its answer kept for 24 hours. 1 to 255 visible ASCII characters, made at random. Operations that come to the
    /// same when they are repeated ignore it. Errors: invalid_argument (no key, or another request's), conflict (the
    /// first call still runs).
    const char* idempotency_key;
    /// Does it only if the thing is as it was seen: `lineside_<type>_revision` of what was read. Of accounts, contacts,
    /// layouts, brandings, alert rules and the numbering. Errors: precondition_failed, invalid_argument (the operation
    /// has no such check).
    const char* if_match;
    lineside_cancellation* cancellation; ///< NULL: none
    /// Where a client leaves the answer's JSON as it came, with members that this version does not know; NULL: nowhere.
    /// NULL is written where the portal is an engine. Free it with lineside_text_free. Not of `_async`.
    char** answer_text;
} lineside_call_options;

/// Characters of a revision and the zero byte.
#define LINESIDE_REVISION_SIZE 23

// ---- Completions

/// What a completion brings.
enum lineside_completion_kind {
    LINESIDE_COMPLETION_ANSWER = 1,     ///< the call with this tag has ended: the last completion of that call
    LINESIDE_COMPLETION_PROGRESS,       ///< how far it has come: `progress`, of a back-test `reached`
    LINESIDE_COMPLETION_REJECTED_ROW,   ///< an import refused a row: `rejected`
    LINESIDE_COMPLETION_SERVED_REQUEST, ///< a server answered a request: `served`
    LINESIDE_COMPLETION_CLIENT_ATTEMPT, ///< a client attempted a call: `attempt`
    LINESIDE_COMPLETION_ALERT           ///< an engine fired an alert: `alert`
};

/// A request that a server answered. No secrets: the path has no query.
typedef struct lineside_served_request {
    const char* request_id;
    const char* peer; ///< the address of who asked, as far as trusted proxies tell
    const char* method;
    const char* path;
    const char* operation; ///< "" is none
    uint32_t status;
    uint64_t bytes; ///< of the answer's body
    int64_t took_us;
    const char* user_agent;
} lineside_served_request;

/// One attempt of a client's call. Nothing secret: the path has no query.
typedef struct lineside_client_attempt {
    const char* operation;
    const char* method;
    const char* path;
    const char* request_id; ///< the same for all attempts of a call
    uint32_t attempt;       ///< from 1
    uint32_t status;        ///< 0: there was no answer
    const char* failure;
    int64_t took_us;
    int32_t new_connection;
} lineside_client_attempt;

/// Something that happened, as data. Members that are not of its kind are NULL; pointers last as long as it does.
struct lineside_completion {
    uint64_t tag;                ///< of the call
    int32_t kind;                ///< lineside_completion_kind
    const char* operation;       ///< "get_account"; "" where it is of no call
    const lineside_error* error; ///< of an answer: NULL is success
    const lineside_import_progress* progress;
    const lineside_rejected_row* rejected;
    const int64_t* reached;
    const lineside_served_request* served;
    const lineside_client_attempt* attempt;
    const lineside_alert_event* alert;
};

/// Frees it and all it points to, but for what was taken; NULL is nothing.
LINESIDE_C_API void lineside_completion_free(lineside_completion* completion);

/// What the blocking form would have returned, of calls without an answer of their own. The error is yours and no
/// longer the completion's. Errors of its own: invalid_argument (it is no answer).
LINESIDE_C_API lineside_error* lineside_completion_check(lineside_completion* completion);

/// Any number of portals, watches and threads may share one.
LINESIDE_C_API lineside_error* lineside_queue_create(lineside_queue** out);

/// Cancels what is in flight and drops its results; it does not wait for that.
LINESIDE_C_API void lineside_queue_free(lineside_queue* queue);

/// A descriptor for poll, epoll and event loops: readable while completions wait, and not to be read, written or
/// closed. It lasts as long as the queue. -1: `queue` is NULL.
LINESIDE_C_API int32_t lineside_queue_descriptor(const lineside_queue* queue);

/// Waits for a completion; NULL is written where none came in `timeout_ms`. 0 does not wait, -1 has no limit.
LINESIDE_C_API lineside_error* lineside_queue_next(lineside_queue* queue, int64_t timeout_ms,
                                                   lineside_completion** out);

/// Takes up to `capacity` completions that wait, in their order, and says how many; never blocks. Each is yours.
LINESIDE_C_API lineside_error* lineside_queue_drain(lineside_queue* queue, lineside_completion** out, size_t capacity,
                                                    size_t* count);

/// Asks the calls with this tag to stop. Each completes, with `cancelled` unless it was too late. Says how many there
/// were.
LINESIDE_C_API size_t lineside_queue_cancel(lineside_queue* queue, uint64_t tag);

/// Calls that have not ended yet.
LINESIDE_C_API size_t lineside_queue_in_flight(const lineside_queue* queue);

// ---- Opening

/// Mail to be sent.
typedef struct lineside_mail {
    const char* to;
    const char* subject;
    const char* text;
    const char* account;
} lineside_mail;

/// A text message to be sent.
typedef struct lineside_text_message {
    const char* to; ///< E.164
    const char* text;
    const char* account;
} lineside_text_message;

/// How an engine reaches people. Called on the thread of the operation (the caller's of a blocking call, else one of
/// the engine's), outside of every transaction. Anything but 0 makes the operation fail with `unavailable`.
typedef struct lineside_delivery_hooks {
    size_t struct_size;
    int32_t (*mailer)(void* context, const lineside_mail* mail);
    int32_t (*texter)(void* context, const lineside_text_message* message);
    int32_t (*on_alert)(void* context, const lineside_alert_event* event);
    void* context; ///< of the callbacks
    /// Where alerts go as data, LINESIDE_COMPLETION_ALERT, instead of `on_alert`; NULL: nowhere. It may be freed before
    /// the engine.
    lineside_queue* alert_queue;
    uint64_t alert_tag;
} lineside_delivery_hooks;

/// Which addresses webhooks may go to.
enum lineside_webhook_targets {
    LINESIDE_WEBHOOK_TARGETS_PUBLIC_ADDRESSES = 1,
    LINESIDE_WEBHOOK_TARGETS_LOOPBACK_TOO ///< for tests
};

/// How an engine keeps its data.
typedef struct lineside_engine_storage {
    size_t struct_size;
    /// Calls that may wait in the journal before they are folded into columns; more memory, fewer and larger folds.
    size_t journal_calls;      ///< default: 262,144
    size_t import_batch_calls; ///< calls of one transaction of lineside_record_import; default: 196,608
    size_t cache_bytes;        ///< page cache of the writing connection, bytes; default: 32 MiB
} lineside_engine_storage;

/// How people prove who they are.
typedef struct lineside_engine_identity {
    size_t struct_size;
    const char* issuer; ///< what an authenticator shows beside the login; without a colon; default: "Lineside"
    /// 32 bytes that encrypt two-factor secrets in the database. Empty: the engine makes some and keeps them there too,
    /// which protects copies of single tables but not of the whole file.
    const char* key;
    size_t key_size;        ///< of `key`: 0 or 32
    const char* reset_link; ///< of password resets: a URL with {token}; empty: the mail holds the bare token
    /// What checking a password costs (Argon2id): memory in KiB and passes over it, 47 ms by default. Where they rise,
    /// each password is hashed anew at its next sign-in. Lower ones are for tests.
    uint32_t password_memory_kib; ///< default: 47,104
    uint32_t password_passes;     ///< default: 1
    uint32_t attempts_per_source; ///< failed sign-ins from one address at once; one more each 10 s; default: 30
} lineside_engine_identity;

/// Live calls.
typedef struct lineside_engine_channels {
    size_t struct_size;
    size_t most_live_calls; ///< default: 1,000,000
    int64_t longest_call;   ///< after this a call without an end is given up; default: 4 hours
    /// How late an event may come and still change the history of the minute it speaks of.
    const int64_t* lateness; ///< NULL: 2 minutes
    /// A call that showed itself so shortly before a snapshot may be missing in it.
    const int64_t* snapshot_grace; ///< NULL: 10 seconds
    uint32_t history_days;         ///< default: 90
} lineside_engine_channels;

/// Links with which customers pay.
typedef struct lineside_engine_money {
    size_t struct_size;
    /// An http or https URL with the places {account}, {amount}, {currency} and {payment}, filled in percent-encoded;
    /// empty: no payment link. In a balance's link the amount is what the balance lacks to zero, in whole coins, and
    /// {payment} is empty.
    const char* payment_link;
} lineside_engine_money;

/// Webhooks.
typedef struct lineside_engine_webhooks {
    size_t struct_size;
    /// Loopback is for tests; lineside_webhook_targets; default: LINESIDE_WEBHOOK_TARGETS_PUBLIC_ADDRESSES.
    int32_t allowed;
    const char* ca_file; ///< PEM, beside the system's authorities
} lineside_engine_webhooks;

/// Live data: what lineside_watch_open shows. Once somebody waits for an update, the engine's threads look for it.
typedef struct lineside_engine_live {
    size_t struct_size;
    /// After a change, how long nobody looks for the next one of the same kind. 0: each is looked for at once, in the
    /// thread of the operation that made it.
    const int64_t* interval; ///< NULL: 250 ms
    int64_t look_every;      ///< for what changes with time alone; 1 ms or more; default: 5,000 ms
    size_t most_watches;     ///< default: 100,000
    size_t kept_changes;     ///< of an account and topic, for whoever reads slowly or was cut off; default: 256
    int64_t kept_for;        ///< after the last watch has gone, for whoever comes back; default: 5 minutes
} lineside_engine_live;

/// An engine. Everything has a default: NULL opens a database in memory.
typedef struct lineside_engine_options {
    size_t struct_size;
    const char* database; ///< `sqlite:PATH`; default: `sqlite::memory:`, which dies with the engine
    const lineside_engine_storage* storage;
    size_t threads; ///< that serve `_async` calls, started with the first of them; default: 2
    const lineside_engine_identity* identity;
    const lineside_engine_channels* channels;
    const lineside_engine_money* money;
    const lineside_engine_webhooks* webhooks;
    const lineside_engine_live* live;
    const lineside_delivery_hooks* delivery;
    /// The wall clock, from any thread; NULL: the system's. States of summary rows and default ranges depend on it.
    int64_t (*clock)(void* context);
    void* clock_context;
} lineside_engine_options;

/// Opens a database in the process, and creates or migrates it where needed. The portal is the operator's: it sees
/// every account. One engine owns a file at a time. What an operation acknowledged survives a kill of the process.
/// Errors: invalid_argument, unavailable (in use by another engine), precondition_failed (written by a newer Lineside),
/// storage.
LINESIDE_C_API lineside_error* lineside_engine_open(const lineside_engine_options* options, lineside_portal** out);

/// Whether a client checks who answers.
enum lineside_server_check {
    LINESIDE_SERVER_CHECK_ON = 1,
    LINESIDE_SERVER_CHECK_INSECURE ///< whoever answers is believed. Logged with every connection.
};

/// Where plain HTTP may go.
enum lineside_plain_http { LINESIDE_PLAIN_HTTP_TO_LOOPBACK = 1, LINESIDE_PLAIN_HTTP_ANYWHERE };

/// TLS of a client: 1.2 or newer, the server's certificate checked against its name.
typedef struct lineside_client_tls {
    size_t struct_size;
    const char* ca_file;          ///< PEM: authorities beside the system's
    const char* certificate_file; ///< PEM: who this client is, where the server wants to know
    const char* key_file;         ///< PEM
    /// Insecure: whoever answers is believed. Logged with every connection; lineside_server_check; default:
    /// LINESIDE_SERVER_CHECK_ON.
    int32_t server;
} lineside_client_tls;

/// Where connections go through (CONNECT).
typedef struct lineside_client_proxy {
    size_t struct_size;
    const char* host;          ///< empty: none
    uint16_t port;             ///< default: 3128
    const char* authorization; ///< the value of `Proxy-Authorization`: "Basic ..."
} lineside_client_proxy;

/// When a call is made again: after 408, 429, 502, 503, 504 and lost connections, where a second time comes to the
/// same. What creates something get a key of their own, so that holds for them too.
typedef struct lineside_client_retries {
    size_t struct_size;
    uint32_t attempts;           ///< in all; 1 to 10; default: 3
    int64_t base;                ///< waits are drawn between 0 and this, doubled each time up to `cap`; default: 50 ms
    int64_t throttled_base;      ///< default: 1,000 ms
    int64_t cap;                 ///< see `base`; default: 20,000 ms
    int64_t longest_retry_after; ///< default: 60,000 ms
    /// A watch that was open and lost its server looks for it so long before it ends with `unavailable`.
    int64_t reconnect_for; ///< default: 600,000 ms
} lineside_client_retries;

/// How long a client waits.
typedef struct lineside_client_timeouts {
    size_t struct_size;
    int64_t connect;     ///< name, TCP and TLS; default: 10,000 ms
    const int64_t* call; ///< of a call without a timeout of its own; not of streams. 0: none; NULL: 60,000 ms
    int64_t idle;        ///< connections are kept so long; default: 50,000 ms
    int64_t stall;       ///< of a stream: without a byte in either direction; default: 60,000 ms
} lineside_client_timeouts;

/// A client.
typedef struct lineside_client_options {
    size_t struct_size;
    /// `https://portal.example`, with a port and a path before `/v1` where there are any. Plain `http` only to this
    /// machine.
    const char* base_url;
    const char* token;      ///< of a session, or an API key; empty: nobody's
    const char* host_agent; ///< put before Lineside's own `User-Agent`: "acme-crm/2.1"
    const lineside_client_tls* tls;
    const lineside_client_proxy* proxy;
    const lineside_client_retries* retries;
    const lineside_client_timeouts* timeouts;
    size_t connections; ///< at most; further calls wait for one; default: 64
    int32_t plain;      ///< lineside_plain_http; default: LINESIDE_PLAIN_HTTP_TO_LOOPBACK
    /// Asked for another token when the server no longer knows the present one; the call is then made once more. NULL
    /// or "" gives up. The text is copied at once. On a thread of the client; may block.
    const char* (*refresh)(void* context);
    /// The value of `traceparent` (W3C Trace Context) of the next call, or NULL. On the thread that calls.
    const char* (*traceparent)(void* context);
    /// After each attempt, on a thread of the client; must not block.
    void (*log)(void* context, const lineside_client_attempt* attempt);
    void* context; ///< of the callbacks
    /// Where attempts go as data, LINESIDE_COMPLETION_CLIENT_ATTEMPT; NULL: nowhere. At most 10,000 wait, further ones
    /// are lost. It may be freed before the client.
    lineside_queue* log_queue;
    uint64_t log_tag;
} lineside_client_options;

/// A portal far away: over HTTPS, at a server. Asks nothing yet. Calls after 408, 429, 502, 503, 504 and lost
/// connections are made again where a second time comes to the same. A write that was cancelled after its first byte
/// may have had its effect, and the message says so: make it again with the same idempotency key. Errors:
/// invalid_argument.
LINESIDE_C_API lineside_error* lineside_client_open(const lineside_client_options* options, lineside_portal** out);

/// Cancels what is running, waits for it, and closes the engine or client; of a portal of somebody else, nothing but
/// that view of it. What was in flight completes with an error. A server that stands on the portal keeps it open.
LINESIDE_C_API void lineside_portal_free(lineside_portal* portal);

/// What a caller shows to be somebody.
typedef struct lineside_credential {
    size_t struct_size;
    const char* token;      ///< of a session, or an API key; empty: nobody
    const char* source_ip;  ///< for the access log and IP allow-lists; empty: not known
    const char* user_agent; ///< for the access log
} lineside_credential;

/// The portal of whoever a credential stands for. Asks nothing yet: each operation checks the credential, so a session
/// that ends takes effect with the next one. It does not keep the engine or client open.
LINESIDE_C_API lineside_error* lineside_portal_as(lineside_portal* portal, const lineside_credential* who,
                                                  lineside_portal** out);

/// A header of a request or an answer.
typedef struct lineside_header {
    const char* name;
    const char* value;
} lineside_header;

/// What a server is asked that this version of Lineside has no function for.
typedef struct lineside_raw_request {
    size_t struct_size;
    const char* method; ///< default: GET
    const char* target; ///< below the base URL: "/v1/accounts/acme"
    const lineside_header* const* fields;
    size_t fields_count;
    const char* body;
    size_t body_size;
} lineside_raw_request;

/// What the server said.
typedef struct lineside_raw_answer {
    uint32_t status;
    const lineside_header* const* fields;
    size_t fields_count;
    const char* body; ///< ends with a zero byte, which does not count
    size_t body_size;
} lineside_raw_answer;

/// Sends it with the client's token and connections, once; an answer of any status is an answer. Errors:
/// invalid_argument (also: the portal is not one that lineside_client_open gave), and as every call.
LINESIDE_C_API lineside_error* lineside_client_send(lineside_portal* portal, const lineside_raw_request* request,
                                                    const lineside_call_options* options, lineside_raw_answer** out);
/// As lineside_client_send, into `queue`.
LINESIDE_C_API lineside_error* lineside_client_send_async(lineside_portal* portal, const lineside_raw_request* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);
/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_raw_answer_free(lineside_raw_answer* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_raw_answer_take(lineside_completion* completion, lineside_raw_answer** out);

/// The width of one bucket of a time series. Days, weeks (from Monday) and months follow the calendar of the query's
/// zone, so a day may have 23, 23.5, 24 or 25 hours.
enum lineside_time_step {
    LINESIDE_TIME_STEP_MINUTE = 1,
    LINESIDE_TIME_STEP_FIVE_MINUTES,
    LINESIDE_TIME_STEP_HOUR,
    LINESIDE_TIME_STEP_DAY,
    LINESIDE_TIME_STEP_WEEK,
    LINESIDE_TIME_STEP_MONTH,
};
/// "1m" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_time_step_name(int32_t value);

// ---- Accounts

/// Whether the people and keys of an account may do anything.
enum lineside_account_status {
    LINESIDE_ACCOUNT_STATUS_ACTIVE = 1,
    LINESIDE_ACCOUNT_STATUS_DISABLED, ///< its contacts and keys are shut out, its numbers stay
};
/// "active" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_account_status_name(int32_t value);

/// What a customer's contact or API key may be allowed to do, one function of the portal each. A function that is not
/// allowed fails with `permission_denied`; a member of an answer that is not allowed is absent.
enum lineside_permission {
    LINESIDE_PERMISSION_VIEW_COMPANY = 1,
    LINESIDE_PERMISSION_VIEW_BALANCE,
    LINESIDE_PERMISSION_VIEW_PAYMENTS,
    LINESIDE_PERMISSION_MAKE_PAYMENTS, ///< announce a bank transfer
    LINESIDE_PERMISSION_VIEW_GRAPHS,
    LINESIDE_PERMISSION_VIEW_SUMMARY,
    LINESIDE_PERMISSION_VIEW_CALLS,
    LINESIDE_PERMISSION_VIEW_CHANNELS,
    LINESIDE_PERMISSION_VIEW_LIVE_CALLS,
    LINESIDE_PERMISSION_VIEW_NUMBERS,
    LINESIDE_PERMISSION_MANAGE_NUMBERS, ///< claim, transfer and release extensions
    LINESIDE_PERMISSION_MANAGE_BLOCKS,  ///< add, claim and release number blocks
    LINESIDE_PERMISSION_VIEW_ALERTS,
    LINESIDE_PERMISSION_MANAGE_ALERTS,
    LINESIDE_PERMISSION_VIEW_CONTACTS,
    LINESIDE_PERMISSION_MANAGE_CONTACTS,
    LINESIDE_PERMISSION_MANAGE_KEYS,
    LINESIDE_PERMISSION_VIEW_ACCESS_LOG,
    LINESIDE_PERMISSION_VIEW_REVIEW,
};
/// "view_company" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_permission_name(int32_t value);

/// A named set of permissions, the start of what a contact may do.
enum lineside_role {
    LINESIDE_ROLE_ADMINISTRATOR = 1, ///< everything a customer can do
    LINESIDE_ROLE_MANAGER,           ///< everything but contacts, keys and number blocks
    LINESIDE_ROLE_BILLING,           ///< company, balance, payments, summary, calls
    LINESIDE_ROLE_TECHNICIAN,        ///< graphs, calls, channels, numbers, alerts
    LINESIDE_ROLE_VIEWER,            ///< company, graphs, summary, channels; changes nothing
};
/// "administrator" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_role_name(int32_t value);

/// What a role may do: writes constants that last for ever and how many there are. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_role_permissions(int32_t role, const int32_t** permissions, size_t* count);

/// A customer of the operator, with the company profile, which its contacts read and only the operator writes. Created
/// by the operator, or on first sight of its id in call records.
typedef struct lineside_account {
    size_t struct_size;
    const char* id;
    const char* name; ///< company name; the id where nobody gave one
    /// ISO 4217, fixed once set: at creation, or by the first record that states one.
    const char* currency;
    /// IANA zone of graphs and call lists; never moves Summary rows.
    const char* time_zone; ///< default: "UTC"
    /// Configured channels; unset is "no limit configured", 0 is a real limit.
    const uint32_t* channel_limit; ///< NULL: unset
    int64_t created_at;            ///< set by the engine
    const char* contact_name;
    /// How far the balance may go below zero: 0 is prepaid, positive is credit, negative keeps a reserve. In the
    /// account's currency. Unset in a request: 0; in an answer: the asker may not see it.
    const lineside_money* debit_limit; ///< NULL: unset
    const char* tax;                   ///< as it stands on invoices: a rate, a number
    const char* paypal;                ///< where the operator's PayPal payments of this customer come from
    const char* language;              ///< BCP 47, of contacts that chose none; default: "en"
    int32_t status;                    ///< lineside_account_status; default: LINESIDE_ACCOUNT_STATUS_ACTIVE
    /// What none of its contacts and keys may do, whatever their role.
    const int32_t* withheld; ///< lineside_permission
    size_t withheld_count;
} lineside_account;

/// What the operator changes of an account; what is unset stays. The currency is fixed.
typedef struct lineside_account_update_request {
    size_t struct_size;
    const char* account;
    const char* name;                  ///< NULL: unset
    const char* time_zone;             ///< NULL: unset
    const uint32_t* channel_limit;     ///< NULL: unset
    int32_t no_channel_limit;          ///< takes the limit away
    const char* contact_name;          ///< NULL: unset
    const lineside_money* debit_limit; ///< NULL: unset
    const char* tax;                   ///< NULL: unset
    const char* paypal;                ///< NULL: unset
    const char* language;              ///< NULL: unset
    int32_t status;                    ///< lineside_account_status; 0: unset
    const int32_t* withheld;           ///< NULL: unset; lineside_permission
    size_t withheld_count;
} lineside_account_update_request;

/// Which accounts to list, in the order of their ids.
typedef struct lineside_account_query {
    size_t struct_size;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_account_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_account_page {
    const lineside_account* const* items;
    size_t items_count;
    const char* next;
} lineside_account_page;

/// Creates an account. `id` and, where given, `currency` and `time_zone` are checked; `created_at` is set. Errors:
/// invalid_argument, conflict (the id is taken).
LINESIDE_C_API lineside_error* lineside_account_create(lineside_portal* portal, const lineside_account* request,
                                                       const lineside_call_options* options, lineside_account** out);
/// As lineside_account_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_account_create_async(lineside_portal* portal, const lineside_account* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_account_free(lineside_account* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_account_take(lineside_completion* completion, lineside_account** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_account_revision(const lineside_account* seen,
                                                         char out[LINESIDE_REVISION_SIZE]);

/// One account. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_account_get(lineside_portal* portal, const char* account,
                                                    const lineside_call_options* options, lineside_account** out);
/// As lineside_account_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_account_get_async(lineside_portal* portal, const char* account,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Changes what the operator may change of an account. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_account_update(lineside_portal* portal,
                                                       const lineside_account_update_request* request,
                                                       const lineside_call_options* options, lineside_account** out);
/// As lineside_account_update, into `queue`.
LINESIDE_C_API lineside_error* lineside_account_update_async(lineside_portal* portal,
                                                             const lineside_account_update_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Accounts in the order of their ids.
LINESIDE_C_API lineside_error* lineside_account_list(lineside_portal* portal, const lineside_account_query* request,
                                                     const lineside_call_options* options, lineside_account_page** out);
/// As lineside_account_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_account_list_async(lineside_portal* portal,
                                                           const lineside_account_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_account_page_free(lineside_account_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_account_page_take(lineside_completion* completion, lineside_account_page** out);

// ---- Calls and their numbers

/// Seen from the customer.
enum lineside_call_direction {
    LINESIDE_CALL_DIRECTION_UNKNOWN = 1,
    LINESIDE_CALL_DIRECTION_INBOUND,
    LINESIDE_CALL_DIRECTION_OUTBOUND,
    LINESIDE_CALL_DIRECTION_INTERNAL,
};
/// "unknown" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_call_direction_name(int32_t value);

/// How an attempt ended, normalised from the source's own words, which `hangup_cause` keeps.
enum lineside_call_outcome {
    LINESIDE_CALL_OUTCOME_UNKNOWN = 1,
    LINESIDE_CALL_OUTCOME_ANSWERED,
    LINESIDE_CALL_OUTCOME_BUSY,
    LINESIDE_CALL_OUTCOME_NO_ANSWER,
    LINESIDE_CALL_OUTCOME_REJECTED,
    LINESIDE_CALL_OUTCOME_ABANDONED, ///< the caller gave up (SIP 487)
    LINESIDE_CALL_OUTCOME_INVALID_NUMBER,
    LINESIDE_CALL_OUTCOME_CONGESTION, ///< network failure or lack of capacity
    LINESIDE_CALL_OUTCOME_BLOCKED,    ///< refused by the source itself: limit, credit, list
    LINESIDE_CALL_OUTCOME_UNAUTHORIZED,
    LINESIDE_CALL_OUTCOME_REDIRECTED,
};
/// "unknown" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_call_outcome_name(int32_t value);

/// Who ended a call.
enum lineside_release_party {
    LINESIDE_RELEASE_PARTY_UNKNOWN = 1,
    LINESIDE_RELEASE_PARTY_CALLER,
    LINESIDE_RELEASE_PARTY_CALLEE,
    LINESIDE_RELEASE_PARTY_NETWORK,
};
/// "unknown" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_release_party_name(int32_t value);

/// By the start of calls.
enum lineside_call_order {
    LINESIDE_CALL_ORDER_OLDEST_FIRST = 1,
    LINESIDE_CALL_ORDER_NEWEST_FIRST,
};
/// "oldest_first" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_call_order_name(int32_t value);

/// Which calls.
enum lineside_call_filter {
    LINESIDE_CALL_FILTER_ALL = 1,
    LINESIDE_CALL_FILTER_ANSWERED,
    LINESIDE_CALL_FILTER_UNANSWERED,
};
/// "all" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_call_filter_name(int32_t value);

/// The formats of call records Lineside reads. `detect` looks at the content.
enum lineside_record_format {
    LINESIDE_RECORD_FORMAT_DETECT = 1,
    LINESIDE_RECORD_FORMAT_LINESIDE, ///< Lineside's own CSV or NDJSON
    LINESIDE_RECORD_FORMAT_ASTERISK,
    LINESIDE_RECORD_FORMAT_ASTERISK_CUSTOM,
    LINESIDE_RECORD_FORMAT_FREESWITCH_CSV,
    LINESIDE_RECORD_FORMAT_FREESWITCH_JSON,
    LINESIDE_RECORD_FORMAT_KAMAILIO,
    LINESIDE_RECORD_FORMAT_OPENSIPS,
    LINESIDE_RECORD_FORMAT_YETI,
    LINESIDE_RECORD_FORMAT_CONNEXCS,
};
/// "auto" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_record_format_name(int32_t value);

/// What the engine does with a file that has bad rows.
enum lineside_import_mode {
    LINESIDE_IMPORT_MODE_KEEP_GOOD = 1, ///< reject bad rows one by one, import the rest
    LINESIDE_IMPORT_MODE_STRICT,        ///< refuse the whole file at the first bad row, changing nothing
};
/// "keep_good" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_import_mode_name(int32_t value);

/// Whether the source writes a record for attempts that were not answered.
enum lineside_attempt_coverage {
    LINESIDE_ATTEMPT_COVERAGE_ALL_ATTEMPTS = 1,
    LINESIDE_ATTEMPT_COVERAGE_ANSWERED_ONLY, ///< then ASR and NER are "not reported" wherever its calls count
};
/// "all_attempts" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_attempt_coverage_name(int32_t value);

/// What a series measures. Definitions: docs/guide/metrics.md.
enum lineside_metric {
    LINESIDE_METRIC_LIVE_CHANNELS = 1, ///< peak of calls in [start, end) within the bucket; channels
    LINESIDE_METRIC_LIVE_CHANNELS_AVG, ///< time-weighted average of the same; channels
    LINESIDE_METRIC_ATTEMPTS,          ///< calls started (seizures); calls
    LINESIDE_METRIC_ANSWERED,          ///< of those, answered; calls
    LINESIDE_METRIC_ASR,               ///< answered / attempts x 100 (ITU-T E.425); percent
    LINESIDE_METRIC_ACD,               ///< talk time / answered; seconds
    LINESIDE_METRIC_NER, ///< (answered + busy + no answer + rejected + abandoned) / attempts x 100 (E.425); percent
    LINESIDE_METRIC_DTMF_CALLS,   ///< answered calls with at least one digit; calls
    LINESIDE_METRIC_DTMF_DIGITS,  ///< digits keyed; digits
    LINESIDE_METRIC_DTMF_PERCENT, ///< dtmf_calls / answered calls that report digits x 100; percent
    LINESIDE_METRIC_CPS_PEAK,     ///< most calls started in one second; calls per second
    LINESIDE_METRIC_CPS_AVG,      ///< calls started / length of the bucket; calls per second
    LINESIDE_METRIC_PDD,          ///< mean post-dial delay of the calls that report it; milliseconds
    LINESIDE_METRIC_TALK,         ///< talk time; seconds
    LINESIDE_METRIC_CHARGE,       ///< charges; money
};
/// "live_channels" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_metric_name(int32_t value);

/// "channels", "calls", "%", "s", "ms", "digits", "calls/s", "money"; NULL: there is no such metric.
LINESIDE_C_API const char* lineside_metric_unit(int32_t metric);

/// The three tables of the customer Summary. Always 24-hour UTC: the only numbers valid for billing.
enum lineside_summary_period {
    LINESIDE_SUMMARY_PERIOD_LIVE = 1, ///< hours, by default the last 24
    LINESIDE_SUMMARY_PERIOD_DAILY,    ///< UTC days, by default the last 31
    LINESIDE_SUMMARY_PERIOD_MONTHLY,  ///< UTC months, by default the last 12
};
/// "live" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_summary_period_name(int32_t value);

/// How far a row may still move.
enum lineside_row_state {
    LINESIDE_ROW_STATE_OPEN = 1,    ///< its time is not over
    LINESIDE_ROW_STATE_PROVISIONAL, ///< over for less than 24 h
    LINESIDE_ROW_STATE_FINAL,       ///< over for 24 h or more, never corrected since
    LINESIDE_ROW_STATE_RESTATED,    ///< a corrected or late record changed it; `revision` counts how often
};
/// "open" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_row_state_name(int32_t value);

/// The numeric columns of a summary row.
enum lineside_summary_column {
    LINESIDE_SUMMARY_COLUMN_ATTEMPTS = 1,
    LINESIDE_SUMMARY_COLUMN_ANSWERED,
    LINESIDE_SUMMARY_COLUMN_ASR,
    LINESIDE_SUMMARY_COLUMN_ACD_S,
    LINESIDE_SUMMARY_COLUMN_TALK_S,
    LINESIDE_SUMMARY_COLUMN_BILLED_S,
    LINESIDE_SUMMARY_COLUMN_DTMF_CALLS,
    LINESIDE_SUMMARY_COLUMN_DTMF_PERCENT,
    LINESIDE_SUMMARY_COLUMN_CHARGE,
};
/// "attempts" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_summary_column_name(int32_t value);

/// How a table is written.
enum lineside_export_format {
    LINESIDE_EXPORT_FORMAT_CSV = 1,
    LINESIDE_EXPORT_FORMAT_TSV,
    LINESIDE_EXPORT_FORMAT_NDJSON,
};
/// "csv" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_export_format_name(int32_t value);

/// Whether text cells that a spreadsheet would run as a formula are disarmed with a leading apostrophe.
enum lineside_cell_safety {
    LINESIDE_CELL_SAFETY_FORMULA_SAFE = 1,
    LINESIDE_CELL_SAFETY_RAW,
};
/// "formula_safe" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_cell_safety_name(int32_t value);

/// Whether a table begins with the names of its columns.
enum lineside_header_row {
    LINESIDE_HEADER_ROW_PRESENT = 1,
    LINESIDE_HEADER_ROW_OMITTED,
};
/// "present" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_header_row_name(int32_t value);

/// One attempt to reach somebody, folded from however many rows the source wrote for it. (source, call_id, branch) is
/// its identity. "Optional" means the source may not report it: then it is unset, never zero.
typedef struct lineside_call {
    size_t struct_size;
    const char* source;  ///< name of the switch or file family; ids are unique within it
    const char* call_id; ///< 1 to 512 bytes
    const char* branch;  ///< tells apart attempts that share a call id; usually empty
    const char* account_id;
    int32_t direction;            ///< lineside_call_direction; default: LINESIDE_CALL_DIRECTION_UNKNOWN
    const char* cli;              ///< caller's number
    const char* destination;      ///< called number
    int64_t start_time;           ///< set-up: the bucket the call belongs to
    const int64_t* answer_time;   ///< NULL: unset
    const int64_t* end_time;      ///< unset while the call is in progress; NULL: unset
    int64_t duration_ms;          ///< talk time, answer to end; 0 for an unanswered call
    const int64_t* billed_ms;     ///< NULL: unset
    const int64_t* pdd_ms;        ///< start to first ringing or progress; NULL: unset
    int32_t outcome;              ///< lineside_call_outcome; default: LINESIDE_CALL_OUTCOME_UNKNOWN
    const uint16_t* sip_code;     ///< NULL: unset
    const uint16_t* q850_cause;   ///< NULL: unset
    const char* hangup_cause;     ///< the source's own text
    int32_t released_by;          ///< lineside_release_party; default: LINESIDE_RELEASE_PARTY_UNKNOWN
    const uint32_t* dtmf_digits;  ///< how many digits were keyed during the call; NULL: unset
    const lineside_money* charge; ///< its currency may be empty: then the account's; NULL: unset
    const lineside_money* rate;   ///< per minute; NULL: unset
    const char* source_ip;
} lineside_call;

/// Calls the host has already as values. All are stored in one transaction, or none.
typedef struct lineside_call_import_request {
    size_t struct_size;
    const lineside_call* const* calls;
    size_t calls_count;
    int32_t coverage; ///< lineside_attempt_coverage; default: LINESIDE_ATTEMPT_COVERAGE_ALL_ATTEMPTS
} lineside_call_import_request;

/// A row that could not become a call. The text is the row as it stood, so that it can be mended and imported again.
struct lineside_rejected_row {
    const char* file;
    uint64_t line;     ///< first line of the row, from 1
    uint32_t column;   ///< column of the field in the row, from 1; 0 when the row as a whole is wrong
    const char* field; ///< name of the field
    const char* reason;
    const char* text;
    const char* header; ///< the input's header row, where its format has one
};

/// How far an import or a comparison has come.
struct lineside_import_progress {
    uint64_t rows;               ///< rows read so far
    uint64_t bytes;              ///< bytes read so far (of a compressed file: compressed)
    const uint64_t* total_bytes; ///< NULL: unset
};

/// Fills a part of `to` and says how much; 0 is the end, less than 0 a failure: `unavailable`.
typedef int64_t (*lineside_read_callback)(void* context, char* to, size_t size);
/// Takes a piece, whole. 0 goes on, all else ends the operation with `unavailable`.
typedef int32_t (*lineside_write_callback)(void* context, const char* data, size_t size);
typedef void (*lineside_rejected_callback)(void* context, const lineside_rejected_row* row);
/// Every few tens of milliseconds.
typedef void (*lineside_progress_callback)(void* context, const lineside_import_progress* progress);
/// `at`: how far the replay has come.
typedef void (*lineside_reached_callback)(void* context, int64_t at);

/// A stream of a switch's call records to be read, folded into calls and stored.
typedef struct lineside_record_import_request {
    size_t struct_size;
    const char* name;         ///< what messages call the input: the file's name
    int32_t format;           ///< lineside_record_format; default: LINESIDE_RECORD_FORMAT_DETECT
    const char* account;      ///< put every record on this account; NULL: unset
    const char* account_from; ///< or on the one this field of the record names; empty: the format's own
    const char* time_zone;    ///< IANA zone of local times without offset
    const char* source;       ///< default: the format's name
    const char* fields;       ///< explicit column list or template where the format is configurable
    const char* currency;     ///< of charges without one; default: the account's
    int32_t coverage;         ///< lineside_attempt_coverage; default: LINESIDE_ATTEMPT_COVERAGE_ALL_ATTEMPTS
    int32_t mode;             ///< lineside_import_mode; default: LINESIDE_IMPORT_MODE_KEEP_GOOD
    // The input: exactly one of these four.
    const char* path;          ///< a file; "-" is standard input
    const int32_t* descriptor; ///< a file, pipe or socket that blocks; read to its end, not closed
    /// Bytes that stay there until the call has completed or, where its queue went before, until the portal was freed.
    const char* data;
    lineside_read_callback read;
    size_t data_size;          ///< of `data`
    const uint64_t* read_size; ///< how many bytes `read` will give in all; NULL: not known
    // What is told on the way. Blocking form: callbacks, on the calling thread; `_async`: completions.
    lineside_rejected_callback on_rejected;
    lineside_progress_callback on_progress;
    void* context;            ///< of the callbacks
    uint32_t report_rejected; ///< `_async`: how many rejected rows to tell at most; the report counts them all
    int32_t report_progress;  ///< `_async`: one progress at a time waits in the queue, the newest
} lineside_record_import_request;

/// What an import did. read = imported + duplicates + restated + rejected + folded.
typedef struct lineside_import_report {
    uint64_t read;       ///< rows read
    uint64_t imported;   ///< calls that were new
    uint64_t duplicates; ///< calls already stored, byte for byte the same in meaning
    uint64_t restated;   ///< calls already stored that this record corrected
    uint64_t rejected;   ///< rows refused
    uint64_t folded;     ///< rows that were further legs or retries of a call counted above
    uint64_t bytes;
    double seconds;
    int32_t format; ///< the one that was used; lineside_record_format
    const char* source;
    const char* evidence;     ///< why that format
    const char* const* notes; ///< what the reader assumed: zone, ambiguous hours, columns ignored
    size_t notes_count;
} lineside_import_report;

/// Which calls of one account to list, ordered by (start_time, identity).
typedef struct lineside_call_query {
    size_t struct_size;
    const char* account;
    const lineside_time_range* range; ///< of `start_time`; NULL: all there are
    int32_t filter;                   ///< lineside_call_filter; default: LINESIDE_CALL_FILTER_ALL
    const char* number;               ///< a part of `cli` or `destination`; empty: any
    int32_t order;                    ///< lineside_call_order; default: LINESIDE_CALL_ORDER_OLDEST_FIRST
    const char* cursor;
    uint32_t limit; ///< 1 to 5,000; default: 100
} lineside_call_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_call_page {
    const lineside_call* const* items;
    size_t items_count;
    const char* next;
} lineside_call_page;

/// Which metric, of whom, when and how finely.
typedef struct lineside_series_query {
    size_t struct_size;
    const char* account;
    int32_t metric; ///< lineside_metric; default: LINESIDE_METRIC_ATTEMPTS
    /// Widened to whole buckets of the zone's calendar at both ends.
    const lineside_time_range* range;
    int32_t step;     ///< lineside_time_step; default: LINESIDE_TIME_STEP_HOUR
    const char* zone; ///< IANA zone; empty: the account's
    /// 0: every bucket. Otherwise neighbours are merged (ratios by their parts, peaks as peaks) until no more remain.
    uint32_t max_points;
} lineside_series_query;

/// A series as columns of equal length, each without gaps in memory.
typedef struct lineside_series {
    const char* account;
    int32_t metric; ///< lineside_metric
    const char* unit;
    const char* zone;
    int32_t step;            ///< lineside_time_step
    size_t size;             ///< of each column
    const int64_t* time;     ///< start of each bucket
    const int32_t* offset_s; ///< the zone's offset from UTC at that start, seconds
    const double* value;     ///< in `unit`; NaN where there is nothing to measure
    /// value = numerator / denominator (x 100 for percentages; talk and acd: numerator in ms; live_channels_avg:
    /// channel milliseconds / milliseconds; cps_avg: calls / milliseconds). A plain count has denominator 1; where
    /// there is nothing to measure it is 0.
    const int64_t* numerator;
    const int64_t* denominator;
    const lineside_money* amount; ///< exact charges; NULL: of every other metric
    const uint32_t* open_calls;   ///< calls started in the bucket and still in progress
} lineside_series;

/// Which table of the customer Summary.
typedef struct lineside_summary_query {
    size_t struct_size;
    const char* account;
    int32_t period; ///< lineside_summary_period; default: LINESIDE_SUMMARY_PERIOD_LIVE
    /// The instant the default range ends at and the states are told for; unset: now.
    const int64_t* at; ///< NULL: unset
    /// Rows that touch this range instead of the period's default one.
    const lineside_time_range* range; ///< NULL: unset
} lineside_summary_query;

/// One row. Unset is "not reported" or "nothing to divide by", never 0. Percentages and seconds as shown: two decimals,
/// half up.
typedef struct lineside_summary_row {
    int64_t start;
    int64_t end;
    uint64_t attempts;
    uint64_t answered;
    const double* asr;            ///< percent; NULL: unset
    const double* acd_s;          ///< seconds; NULL: unset
    double talk_s;                ///< seconds, exact to the millisecond
    const double* billed_s;       ///< seconds; unset where there were calls and none reports it; NULL: unset
    const uint64_t* dtmf_calls;   ///< NULL: unset
    const double* dtmf_percent;   ///< NULL: unset
    const lineside_money* charge; ///< unset where no call reports one and there were attempts; NULL: unset
    const char* currency;
    int32_t state; ///< lineside_row_state
    uint32_t revision;
    uint32_t open_calls; ///< started here and still in progress
} lineside_summary_row;

/// One table of the customer Summary.
typedef struct lineside_summary {
    const char* account;
    int32_t period; ///< lineside_summary_period
    int64_t as_of;
    const lineside_summary_row* const* rows;
    size_t rows_count;
} lineside_summary;

/// A selection of cells of one column: rows [first_row, last_row) of the summary the query describes.
typedef struct lineside_statistics_query {
    size_t struct_size;
    const lineside_summary_query* summary;
    int32_t column; ///< lineside_summary_column; default: LINESIDE_SUMMARY_COLUMN_ATTEMPTS
    uint32_t first_row;
    const uint32_t* last_row; ///< NULL: to the end
} lineside_statistics_query;

/// What the portal shows under a selection, and what it should be compared with. Decimal texts, exact: money and counts
/// as they are, ratios with two decimals half up.
typedef struct lineside_selection_statistics {
    const char* column;
    uint64_t count;                ///< cells that hold a number
    const char* sum;               ///< of the shown values; NULL: unset
    const char* average_of_values; ///< unweighted average of the shown values (an average of averages); NULL: unset
    const char* true_average;      ///< of the calls behind them: numerators over denominators; NULL: unset
} lineside_selection_statistics;

/// Which number is to be explained.
typedef struct lineside_explanation_query {
    size_t struct_size;
    const char* account;
    int32_t metric; ///< lineside_metric; default: LINESIDE_METRIC_ASR
    const lineside_time_range* range;
    /// How many of the calls behind the number to name, 0 to 5,000; the rest through lineside_call_list.
    const uint32_t* limit; ///< NULL: 100
} lineside_explanation_query;

/// What one source contributed.
typedef struct lineside_source_coverage {
    const char* source;
    uint64_t attempts;
    int32_t attempts_known; ///< 0: the source writes no records of failed attempts
    uint64_t pdd_reported;
    uint64_t dtmf_reported;
    uint64_t charge_reported;
} lineside_source_coverage;

/// Why a number is what it is.
typedef struct lineside_explanation {
    const char* account;
    int32_t metric; ///< lineside_metric
    const char* unit;
    const lineside_time_range* range;
    const double* value; ///< NULL: unset
    int64_t numerator;
    int64_t denominator;
    const lineside_money* amount; ///< of charge; NULL: unset
    const char* numerator_is;     ///< in words, with its unit
    const char* denominator_is;
    const char* policy; ///< the rules applied: what counts as answered, which bucket a call belongs to
    const lineside_source_coverage* const* coverage;
    size_t coverage_count;
    const int64_t* watermark; ///< the latest call start stored for the account; NULL: unset
    uint64_t open_calls;
    uint64_t call_count;               ///< calls behind the number
    const lineside_call* const* calls; ///< the first of them, by start
    size_t calls_count;
} lineside_explanation;

/// The summary rows of every account of the portal, or of one.
typedef struct lineside_summary_export {
    size_t struct_size;
    const char* account;              ///< NULL: all, in the order of their ids
    int32_t period;                   ///< lineside_summary_period; default: LINESIDE_SUMMARY_PERIOD_LIVE
    const int64_t* at;                ///< NULL: unset
    const lineside_time_range* range; ///< NULL: unset
} lineside_summary_export;

/// Newest first.
typedef struct lineside_access_log_query {
    size_t struct_size;
    const char* account;              ///< the operator leaves it empty for its own log
    const lineside_time_range* range; ///< NULL: all there are
    const char* cursor;
    uint32_t limit; ///< 1 to 5,000; default: 100
} lineside_access_log_query;

/// What to export: exactly one of them.
typedef struct lineside_export_subject {
    size_t struct_size;
    const lineside_summary_export* summary;
    const lineside_call_query* calls; ///< cursor and limit are ignored
    const lineside_series_query* series;
    const lineside_access_log_query* access_log; ///< likewise
} lineside_export_subject;

/// Writes a table of any size in constant memory. Times are UTC, every row says so.
typedef struct lineside_data_export_request {
    size_t struct_size;
    const lineside_export_subject* what;
    int32_t format; ///< lineside_export_format; default: LINESIDE_EXPORT_FORMAT_CSV
    int32_t safety; ///< lineside_cell_safety; default: LINESIDE_CELL_SAFETY_FORMULA_SAFE
    int32_t header; ///< lineside_header_row; default: LINESIDE_HEADER_ROW_PRESENT
    // Where to: exactly one of these three.
    const char* path;              ///< a file, made or written anew
    const int32_t* descriptor;     ///< a file, pipe or socket that blocks; not closed
    lineside_write_callback write; ///< blocking form, on the calling thread
    void* context;                 ///< of the callback
} lineside_data_export_request;

/// What was written.
typedef struct lineside_export_report {
    uint64_t rows;
    uint64_t bytes;
} lineside_export_report;

/// Stores calls the host has as values: one transaction, all or nothing; on return they survive a kill of the process.
/// A call stored before is a duplicate, or restates what differs. Errors: invalid_argument (names the call and field).
LINESIDE_C_API lineside_error* lineside_call_import(lineside_portal* portal,
                                                    const lineside_call_import_request* request,
                                                    const lineside_call_options* options, lineside_import_report** out);
/// As lineside_call_import, into `queue`.
LINESIDE_C_API lineside_error* lineside_call_import_async(lineside_portal* portal,
                                                          const lineside_call_import_request* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_import_report_free(lineside_import_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_import_report_take(lineside_completion* completion,
                                                           lineside_import_report** out);

/// Reads a stream of a switch's call records and stores the calls, one transaction after another; what is stored stays
/// when the import is cancelled, and importing the same stream again goes on and counts nothing twice. Errors:
/// invalid_argument (format not recognised, zone needed, strict mode's first bad row), unavailable.
LINESIDE_C_API lineside_error* lineside_record_import(lineside_portal* portal,
                                                      const lineside_record_import_request* request,
                                                      const lineside_call_options* options,
                                                      lineside_import_report** out);
/// As lineside_record_import, into `queue`.
LINESIDE_C_API lineside_error* lineside_record_import_async(lineside_portal* portal,
                                                            const lineside_record_import_request* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Calls of one account. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_call_list(lineside_portal* portal, const lineside_call_query* request,
                                                  const lineside_call_options* options, lineside_call_page** out);
/// As lineside_call_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_call_list_async(lineside_portal* portal, const lineside_call_query* request,
                                                        const lineside_call_options* options, lineside_queue* queue,
                                                        uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_call_page_free(lineside_call_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_call_page_take(lineside_completion* completion, lineside_call_page** out);

/// One metric of one account over time. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_series_get(lineside_portal* portal, const lineside_series_query* request,
                                                   const lineside_call_options* options, lineside_series** out);
/// As lineside_series_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_series_get_async(lineside_portal* portal, const lineside_series_query* request,
                                                         const lineside_call_options* options, lineside_queue* queue,
                                                         uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_series_free(lineside_series* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_series_take(lineside_completion* completion, lineside_series** out);

/// The customer Summary: UTC, the only numbers valid for billing. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_summary_get(lineside_portal* portal, const lineside_summary_query* request,
                                                    const lineside_call_options* options, lineside_summary** out);
/// As lineside_summary_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_summary_get_async(lineside_portal* portal,
                                                          const lineside_summary_query* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_summary_free(lineside_summary* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_summary_take(lineside_completion* completion, lineside_summary** out);

/// Sum and both averages of a selection of Summary cells. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_statistics_get(lineside_portal* portal,
                                                       const lineside_statistics_query* request,
                                                       const lineside_call_options* options,
                                                       lineside_selection_statistics** out);
/// As lineside_statistics_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_statistics_get_async(lineside_portal* portal,
                                                             const lineside_statistics_query* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_selection_statistics_free(lineside_selection_statistics* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_selection_statistics_take(lineside_completion* completion,
                                                                  lineside_selection_statistics** out);

/// Why a number is what it is. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_explanation_get(lineside_portal* portal,
                                                        const lineside_explanation_query* request,
                                                        const lineside_call_options* options,
                                                        lineside_explanation** out);
/// As lineside_explanation_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_explanation_get_async(lineside_portal* portal,
                                                              const lineside_explanation_query* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_explanation_free(lineside_explanation* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_explanation_take(lineside_completion* completion, lineside_explanation** out);

/// Writes a table of any size piece by piece. Errors: not_found, invalid_argument, unavailable (it could not be
/// written).
LINESIDE_C_API lineside_error* lineside_data_export(lineside_portal* portal,
                                                    const lineside_data_export_request* request,
                                                    const lineside_call_options* options, lineside_export_report** out);
/// As lineside_data_export, into `queue`.
LINESIDE_C_API lineside_error* lineside_data_export_async(lineside_portal* portal,
                                                          const lineside_data_export_request* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_export_report_free(lineside_export_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_export_report_take(lineside_completion* completion,
                                                           lineside_export_report** out);

// ---- Contacts

/// Whether a contact may sign in.
enum lineside_contact_status {
    LINESIDE_CONTACT_STATUS_ACTIVE = 1,
    LINESIDE_CONTACT_STATUS_DISABLED, ///< cannot sign in; sessions have ended
};
/// "active" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_contact_status_name(int32_t value);

/// What is verified.
enum lineside_contact_address {
    LINESIDE_CONTACT_ADDRESS_EMAIL = 1,
    LINESIDE_CONTACT_ADDRESS_MOBILE,
};
/// "email" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_contact_address_name(int32_t value);

/// A person at a customer who may sign in to the portal. Texts are UTF-8 without control characters, at most 256 bytes.
typedef struct lineside_contact {
    const char* account;
    const char* id; ///< assigned by the engine
    // The profile: what the contact edits.
    const char* name;
    const char* email; ///< the login; unique among all contacts of the operator, letter case ignored
    const char* department;
    const char* phone;         ///< E.164, `+49301234567`, or empty
    const char* mobile;        ///< likewise
    const char* pending_email; ///< wanted as the new login, once verified
    int32_t email_verified;
    int32_t mobile_verified;
    const char* language;  ///< BCP 47; empty: the company's
    const char* time_zone; ///< IANA; empty: the company's
    int32_t role;          ///< lineside_role
    const int32_t* grants; ///< beside those of the role; lineside_permission
    size_t grants_count;
    const int32_t* denials; ///< taken from those of the role; lineside_permission
    size_t denials_count;
    const char* const* allowed_ips; ///< addresses and networks (CIDR) to sign in from; empty: any
    size_t allowed_ips_count;
    int32_t status; ///< lineside_contact_status
    int32_t two_factor;
    int64_t created_at;
} lineside_contact;

/// A new contact. Without a password it is invited: lineside_password_reset_begin lets it choose one.
typedef struct lineside_contact_create_request {
    size_t struct_size;
    const char* account;
    const char* name;
    const char* email;
    const char* department;
    const char* phone;
    const char* mobile;
    const char* language;
    const char* time_zone;
    int32_t role;          ///< lineside_role; default: LINESIDE_ROLE_VIEWER
    const int32_t* grants; ///< lineside_permission
    size_t grants_count;
    const int32_t* denials; ///< lineside_permission
    size_t denials_count;
    const char* const* allowed_ips;
    size_t allowed_ips_count;
    const char* password; ///< empty: none yet
} lineside_contact_create_request;

/// One contact.
typedef struct lineside_contact_key {
    size_t struct_size;
    const char* account;
    const char* contact;
} lineside_contact_key;

/// Which contacts of an account to list, oldest first.
typedef struct lineside_contact_query {
    size_t struct_size;
    const char* account;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_contact_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_contact_page {
    const lineside_contact* const* items;
    size_t items_count;
    const char* next;
} lineside_contact_page;

/// What whoever manages contacts changes of one; what is unset stays. The profile is the contact's own.
typedef struct lineside_contact_update_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    int32_t role;          ///< lineside_role; 0: unset
    const int32_t* grants; ///< NULL: unset; lineside_permission
    size_t grants_count;
    const int32_t* denials; ///< NULL: unset; lineside_permission
    size_t denials_count;
    const char* const* allowed_ips; ///< NULL: unset
    size_t allowed_ips_count;
    int32_t status; ///< lineside_contact_status; 0: unset
} lineside_contact_update_request;

/// What a contact changes of itself; what is unset stays. `contact` is for the operator, who edits for somebody.
typedef struct lineside_profile_update_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* name;       ///< NULL: unset
    const char* email;      ///< stays pending until verified; needs `password`; NULL: unset
    const char* department; ///< NULL: unset
    const char* phone;      ///< NULL: unset
    const char* mobile;     ///< a new one is not verified; NULL: unset
    const char* password;
} lineside_profile_update_request;

/// A contact's own language and zone; what is unset stays.
typedef struct lineside_preferences_set_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* language;  ///< BCP 47; empty: back to the company's; NULL: unset
    const char* time_zone; ///< IANA; empty: back to the company's; NULL: unset
} lineside_preferences_set_request;

/// Sends a code of 6 digits, good for 10 minutes and 5 tries; at most one a minute.
typedef struct lineside_verification_send_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    int32_t address; ///< lineside_contact_address; default: LINESIDE_CONTACT_ADDRESS_EMAIL
} lineside_verification_send_request;

/// Where a code went.
typedef struct lineside_verification_sent {
    const char* to; ///< the address, in part
    int64_t expires_at;
} lineside_verification_sent;

/// The code that came.
typedef struct lineside_contact_verify_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    int32_t address;  ///< lineside_contact_address; default: LINESIDE_CONTACT_ADDRESS_EMAIL
    const char* code; ///< empty: the operator vouches for the address
} lineside_contact_verify_request;

/// Adds a contact; gives it at most what the asker may do. Errors: not_found, invalid_argument, conflict (the e-mail is
/// a login already).
LINESIDE_C_API lineside_error* lineside_contact_create(lineside_portal* portal,
                                                       const lineside_contact_create_request* request,
                                                       const lineside_call_options* options, lineside_contact** out);
/// As lineside_contact_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_contact_create_async(lineside_portal* portal,
                                                             const lineside_contact_create_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_contact_free(lineside_contact* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_contact_take(lineside_completion* completion, lineside_contact** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_contact_revision(const lineside_contact* seen,
                                                         char out[LINESIDE_REVISION_SIZE]);

/// One contact. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_contact_get(lineside_portal* portal, const lineside_contact_key* request,
                                                    const lineside_call_options* options, lineside_contact** out);
/// As lineside_contact_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_contact_get_async(lineside_portal* portal, const lineside_contact_key* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Contacts of an account, oldest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_contact_list(lineside_portal* portal, const lineside_contact_query* request,
                                                     const lineside_call_options* options, lineside_contact_page** out);
/// As lineside_contact_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_contact_list_async(lineside_portal* portal,
                                                           const lineside_contact_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_contact_page_free(lineside_contact_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_contact_page_take(lineside_completion* completion, lineside_contact_page** out);

/// Changes role, overrides, allow-list or status. The last administrator cannot be taken away by a contact; disabling
/// ends the contact's sessions. Errors: not_found, invalid_argument, permission_denied, conflict.
LINESIDE_C_API lineside_error* lineside_contact_update(lineside_portal* portal,
                                                       const lineside_contact_update_request* request,
                                                       const lineside_call_options* options, lineside_contact** out);
/// As lineside_contact_update, into `queue`.
LINESIDE_C_API lineside_error* lineside_contact_update_async(lineside_portal* portal,
                                                             const lineside_contact_update_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// The asker's own profile; of the operator: the one of `contact`. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_profile_get(lineside_portal* portal, const lineside_contact_key* request,
                                                    const lineside_call_options* options, lineside_contact** out);
/// As lineside_profile_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_profile_get_async(lineside_portal* portal, const lineside_contact_key* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Changes the five fields a contact may edit. Errors: invalid_argument, conflict, unauthenticated (the password).
LINESIDE_C_API lineside_error* lineside_profile_update(lineside_portal* portal,
                                                       const lineside_profile_update_request* request,
                                                       const lineside_call_options* options, lineside_contact** out);
/// As lineside_profile_update, into `queue`.
LINESIDE_C_API lineside_error* lineside_profile_update_async(lineside_portal* portal,
                                                             const lineside_profile_update_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Changes the asker's language and time zone. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_preferences_set(lineside_portal* portal,
                                                        const lineside_preferences_set_request* request,
                                                        const lineside_call_options* options, lineside_contact** out);
/// As lineside_preferences_set, into `queue`.
LINESIDE_C_API lineside_error* lineside_preferences_set_async(lineside_portal* portal,
                                                              const lineside_preferences_set_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Sends a code to the pending or present e-mail address, or to the mobile. Errors: invalid_argument (there is no such
/// address), exhausted (one a minute), unavailable (it could not be sent).
LINESIDE_C_API lineside_error* lineside_verification_send(lineside_portal* portal,
                                                          const lineside_verification_send_request* request,
                                                          const lineside_call_options* options,
                                                          lineside_verification_sent** out);
/// As lineside_verification_send, into `queue`.
LINESIDE_C_API lineside_error* lineside_verification_send_async(lineside_portal* portal,
                                                                const lineside_verification_send_request* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_verification_sent_free(lineside_verification_sent* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_verification_sent_take(lineside_completion* completion,
                                                               lineside_verification_sent** out);

/// Verifies an address by the code that was sent to it. Errors: invalid_argument (the code is wrong, used or old),
/// conflict (somebody else verified the address first).
LINESIDE_C_API lineside_error* lineside_contact_verify(lineside_portal* portal,
                                                       const lineside_contact_verify_request* request,
                                                       const lineside_call_options* options, lineside_contact** out);
/// As lineside_contact_verify, into `queue`.
LINESIDE_C_API lineside_error* lineside_contact_verify_async(lineside_portal* portal,
                                                             const lineside_contact_verify_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

// ---- Who asks

/// Which sessions end.
enum lineside_sign_out_scope {
    LINESIDE_SIGN_OUT_SCOPE_CURRENT = 1,
    LINESIDE_SIGN_OUT_SCOPE_OTHERS,
    LINESIDE_SIGN_OUT_SCOPE_ALL,
    LINESIDE_SIGN_OUT_SCOPE_ONE,
};
/// "current" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_sign_out_scope_name(int32_t value);

/// A login, and from where.
typedef struct lineside_session_sign_in_request {
    size_t struct_size;
    const char* email;
    const char* password;
    const char* code;      ///< of the authenticator, or a recovery code; where two-factor is on
    const char* source_ip; ///< where they call from, as far as the host knows
    const char* user_agent;
} lineside_session_sign_in_request;

/// A signed-in contact. Ends after 30 minutes without use and 12 hours in any case.
typedef struct lineside_session {
    const char* id;
    const char* account;
    const char* contact;
    int64_t created_at;
    int64_t last_used_at;
    int64_t expires_at;
    const char* source_ip;
    const char* user_agent;
    int32_t current; ///< the one that asks
} lineside_session;

/// What signing in gives. The token is shown once: lineside_credential.token.
typedef struct lineside_session_grant {
    const char* token;
    const lineside_session* session;
    const lineside_contact* contact;
} lineside_session_grant;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_session_page {
    const lineside_session* const* items;
    size_t items_count;
    const char* next;
} lineside_session_page;

/// Which sessions end, and whose.
typedef struct lineside_session_sign_out_request {
    size_t struct_size;
    const char* account;
    const char* contact; ///< for the operator: whose
    int32_t scope;       ///< lineside_sign_out_scope; default: LINESIDE_SIGN_OUT_SCOPE_CURRENT
    const char* session; ///< of `one`
} lineside_session_sign_out_request;

/// How many sessions ended.
typedef struct lineside_sign_out_report {
    uint32_t ended;
} lineside_sign_out_report;

/// Whose portal this is: nothing to say.
typedef struct lineside_identity_query {
    size_t struct_size;
} lineside_identity_query;

/// Whose portal this is.
typedef struct lineside_identity {
    const char* kind;                ///< "operator", "contact" or "key"
    const char* account;             ///< empty: the operator
    const lineside_contact* contact; ///< NULL: unset
    const char* session;             ///< its id, where a contact signed in
    const char* key;                 ///< its id, where an API key asks
    const int32_t* permissions;      ///< what it may do now; lineside_permission
    size_t permissions_count;
} lineside_identity;

/// The asker's own, old and new.
typedef struct lineside_password_change_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* old_password;
    const char* new_password;
    /// Which sessions end: current is none but this; lineside_sign_out_scope; default: LINESIDE_SIGN_OUT_SCOPE_OTHERS.
    int32_t sign_out;
} lineside_password_change_request;

/// The operator gives a contact a first or new password; its sessions end.
typedef struct lineside_password_set_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* password;
} lineside_password_set_request;

/// Mails a link's token to the login if there is one; the answer is the same where there is none.
typedef struct lineside_password_reset_begin_request {
    size_t struct_size;
    const char* email;
    const char* source_ip;
} lineside_password_reset_begin_request;

/// What was mailed, and the new password.
typedef struct lineside_password_reset_finish_request {
    size_t struct_size;
    const char* token;
    const char* new_password;
    const char* code; ///< where two-factor is on
    const char* source_ip;
} lineside_password_reset_finish_request;

/// Starts an enrolment; nothing is on until a code confirms it.
typedef struct lineside_two_factor_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* password; ///< a contact's own; the operator needs none
    const char* code;     ///< where an older enrolment is in force
} lineside_two_factor_request;

/// Shown once, to the contact alone.
typedef struct lineside_two_factor_enrolment {
    const char* key;    ///< the shared secret in base32, for typing
    const char* uri;    ///< otpauth://totp/...
    const char* qr_svg; ///< the URI as a QR code
    const char* qr_png; ///< likewise, base64
} lineside_two_factor_enrolment;

/// The first code of the authenticator.
typedef struct lineside_two_factor_confirm_request {
    size_t struct_size;
    const char* account;
    const char* contact;
    const char* code;
} lineside_two_factor_confirm_request;

/// Ten, each good once in place of a code. Earlier ones are void.
typedef struct lineside_recovery_codes {
    const char* const* codes;
    size_t codes_count;
} lineside_recovery_codes;

/// A program's credential. Its text is `lsk_<id>_<secret>`.
typedef struct lineside_api_key {
    const char* id;
    const char* account; ///< empty: the operator's own
    const char* name;
    const int32_t* scopes; ///< of an operator's key: empty is everything; lineside_permission
    size_t scopes_count;
    int64_t created_at;
    const int64_t* expires_at;     ///< NULL: unset
    const int64_t* last_used_at;   ///< to the minute; NULL: unset
    const int64_t* previous_until; ///< the secret before the last rotation works until here; NULL: unset
    int32_t revoked;
} lineside_api_key;

/// A new key.
typedef struct lineside_api_key_create_request {
    size_t struct_size;
    const char* account; ///< the operator leaves it empty for a key of its own
    const char* name;
    const int32_t* scopes; ///< never more than the creator has; lineside_permission
    size_t scopes_count;
    const int64_t* expires_at; ///< NULL: unset
    const char* password;      ///< of the contact that asks
} lineside_api_key_create_request;

/// The text is shown once.
typedef struct lineside_api_key_grant {
    const char* text;
    const lineside_api_key* key;
} lineside_api_key_grant;

/// Which keys to list, oldest first.
typedef struct lineside_api_key_query {
    size_t struct_size;
    const char* account;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_api_key_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_api_key_page {
    const lineside_api_key* const* items;
    size_t items_count;
    const char* next;
} lineside_api_key_page;

/// A key, and how long its old secret goes on working.
typedef struct lineside_api_key_rotate_request {
    size_t struct_size;
    const char* account;
    const char* key;
    const int64_t* overlap; ///< how long the old secret goes on working, 0 to 30 days; NULL: 24 hours
    const char* password;
} lineside_api_key_rotate_request;

/// A key to be ended.
typedef struct lineside_api_key_revoke_request {
    size_t struct_size;
    const char* account;
    const char* key;
} lineside_api_key_revoke_request;

/// Checks a login. The answer and its time are the same for an unknown login and a wrong password. Errors:
/// unauthenticated (field "code": the password is right and a code is needed), exhausted (too many attempts: the
/// message says how long to wait).
LINESIDE_C_API lineside_error* lineside_session_sign_in(lineside_portal* portal,
                                                        const lineside_session_sign_in_request* request,
                                                        const lineside_call_options* options,
                                                        lineside_session_grant** out);
/// As lineside_session_sign_in, into `queue`.
LINESIDE_C_API lineside_error* lineside_session_sign_in_async(lineside_portal* portal,
                                                              const lineside_session_sign_in_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_session_grant_free(lineside_session_grant* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_session_grant_take(lineside_completion* completion,
                                                           lineside_session_grant** out);

/// Signs in and gives the portal of whoever that is, for programs that need no token. Errors: as
/// lineside_session_sign_in.
LINESIDE_C_API lineside_error* lineside_portal_sign_in(lineside_portal* portal,
                                                       const lineside_session_sign_in_request* request,
                                                       const lineside_call_options* options, lineside_portal** out);

/// Ends sessions at once. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_session_sign_out(lineside_portal* portal,
                                                         const lineside_session_sign_out_request* request,
                                                         const lineside_call_options* options,
                                                         lineside_sign_out_report** out);
/// As lineside_session_sign_out, into `queue`.
LINESIDE_C_API lineside_error* lineside_session_sign_out_async(lineside_portal* portal,
                                                               const lineside_session_sign_out_request* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_sign_out_report_free(lineside_sign_out_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_sign_out_report_take(lineside_completion* completion,
                                                             lineside_sign_out_report** out);

/// Live sessions of the asker; of the operator: of `contact`. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_session_list(lineside_portal* portal, const lineside_contact_key* request,
                                                     const lineside_call_options* options, lineside_session_page** out);
/// As lineside_session_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_session_list_async(lineside_portal* portal, const lineside_contact_key* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_session_page_free(lineside_session_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_session_page_take(lineside_completion* completion, lineside_session_page** out);

/// Whose portal this is and what it may do.
LINESIDE_C_API lineside_error* lineside_identity_get(lineside_portal* portal, const lineside_identity_query* request,
                                                     const lineside_call_options* options, lineside_identity** out);
/// As lineside_identity_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_identity_get_async(lineside_portal* portal,
                                                           const lineside_identity_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_identity_free(lineside_identity* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_identity_take(lineside_completion* completion, lineside_identity** out);

/// Changes the asker's own password. Errors: unauthenticated (the old password), invalid_argument (the new one, and
/// why).
LINESIDE_C_API lineside_error* lineside_password_change(lineside_portal* portal,
                                                        const lineside_password_change_request* request,
                                                        const lineside_call_options* options);
/// As lineside_password_change, into `queue`.
LINESIDE_C_API lineside_error* lineside_password_change_async(lineside_portal* portal,
                                                              const lineside_password_change_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Gives a contact a password and ends its sessions. Errors: not_found, invalid_argument.
LINESIDE_C_API lineside_error* lineside_password_set(lineside_portal* portal,
                                                     const lineside_password_set_request* request,
                                                     const lineside_call_options* options);
/// As lineside_password_set, into `queue`.
LINESIDE_C_API lineside_error* lineside_password_set_async(lineside_portal* portal,
                                                           const lineside_password_set_request* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Mails the means to choose a new password to a login, if there is one. Errors: exhausted (too many requests),
/// unavailable (there is no mailer).
LINESIDE_C_API lineside_error* lineside_password_reset_begin(lineside_portal* portal,
                                                             const lineside_password_reset_begin_request* request,
                                                             const lineside_call_options* options);
/// As lineside_password_reset_begin, into `queue`.
LINESIDE_C_API lineside_error* lineside_password_reset_begin_async(lineside_portal* portal,
                                                                   const lineside_password_reset_begin_request* request,
                                                                   const lineside_call_options* options,
                                                                   lineside_queue* queue, uint64_t tag);

/// Chooses a new password by what was mailed. Ends every session of the contact. Errors: unauthenticated (the token or
/// code), invalid_argument (the password).
LINESIDE_C_API lineside_error* lineside_password_reset_finish(lineside_portal* portal,
                                                              const lineside_password_reset_finish_request* request,
                                                              const lineside_call_options* options);
/// As lineside_password_reset_finish, into `queue`.
LINESIDE_C_API lineside_error* lineside_password_reset_finish_async(
    lineside_portal* portal, const lineside_password_reset_finish_request* request,
    const lineside_call_options* options, lineside_queue* queue, uint64_t tag);

/// Begins to set up two-factor. Errors: unauthenticated (the password, or the code where two-factor is on).
LINESIDE_C_API lineside_error* lineside_two_factor_enrol(lineside_portal* portal,
                                                         const lineside_two_factor_request* request,
                                                         const lineside_call_options* options,
                                                         lineside_two_factor_enrolment** out);
/// As lineside_two_factor_enrol, into `queue`.
LINESIDE_C_API lineside_error* lineside_two_factor_enrol_async(lineside_portal* portal,
                                                               const lineside_two_factor_request* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_two_factor_enrolment_free(lineside_two_factor_enrolment* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_two_factor_enrolment_take(lineside_completion* completion,
                                                                  lineside_two_factor_enrolment** out);

/// Turns two-factor on. Errors: unauthenticated (the code), conflict (nothing was enrolled).
LINESIDE_C_API lineside_error* lineside_two_factor_confirm(lineside_portal* portal,
                                                           const lineside_two_factor_confirm_request* request,
                                                           const lineside_call_options* options,
                                                           lineside_recovery_codes** out);
/// As lineside_two_factor_confirm, into `queue`.
LINESIDE_C_API lineside_error* lineside_two_factor_confirm_async(lineside_portal* portal,
                                                                 const lineside_two_factor_confirm_request* request,
                                                                 const lineside_call_options* options,
                                                                 lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_recovery_codes_free(lineside_recovery_codes* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_recovery_codes_take(lineside_completion* completion,
                                                            lineside_recovery_codes** out);

/// Turns two-factor off. Errors: unauthenticated (the password or code).
LINESIDE_C_API lineside_error* lineside_two_factor_disable(lineside_portal* portal,
                                                           const lineside_two_factor_request* request,
                                                           const lineside_call_options* options);
/// As lineside_two_factor_disable, into `queue`.
LINESIDE_C_API lineside_error* lineside_two_factor_disable_async(lineside_portal* portal,
                                                                 const lineside_two_factor_request* request,
                                                                 const lineside_call_options* options,
                                                                 lineside_queue* queue, uint64_t tag);

/// Makes new recovery codes; the old ones are void. Errors: unauthenticated (the password or code), conflict
/// (two-factor is off).
LINESIDE_C_API lineside_error* lineside_recovery_codes_renew(lineside_portal* portal,
                                                             const lineside_two_factor_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_recovery_codes** out);
/// As lineside_recovery_codes_renew, into `queue`.
LINESIDE_C_API lineside_error* lineside_recovery_codes_renew_async(lineside_portal* portal,
                                                                   const lineside_two_factor_request* request,
                                                                   const lineside_call_options* options,
                                                                   lineside_queue* queue, uint64_t tag);

/// Makes an API key. Errors: unauthenticated (the password), permission_denied (a scope the asker lacks),
/// invalid_argument.
LINESIDE_C_API lineside_error* lineside_api_key_create(lineside_portal* portal,
                                                       const lineside_api_key_create_request* request,
                                                       const lineside_call_options* options,
                                                       lineside_api_key_grant** out);
/// As lineside_api_key_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_api_key_create_async(lineside_portal* portal,
                                                             const lineside_api_key_create_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_api_key_grant_free(lineside_api_key_grant* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_api_key_grant_take(lineside_completion* completion,
                                                           lineside_api_key_grant** out);

/// API keys of an account, oldest first.
LINESIDE_C_API lineside_error* lineside_api_key_list(lineside_portal* portal, const lineside_api_key_query* request,
                                                     const lineside_call_options* options, lineside_api_key_page** out);
/// As lineside_api_key_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_api_key_list_async(lineside_portal* portal,
                                                           const lineside_api_key_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_api_key_page_free(lineside_api_key_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_api_key_page_take(lineside_completion* completion, lineside_api_key_page** out);

/// Gives a key a new secret; the old one works until the overlap ends. Errors: not_found, unauthenticated, conflict.
LINESIDE_C_API lineside_error* lineside_api_key_rotate(lineside_portal* portal,
                                                       const lineside_api_key_rotate_request* request,
                                                       const lineside_call_options* options,
                                                       lineside_api_key_grant** out);
/// As lineside_api_key_rotate, into `queue`.
LINESIDE_C_API lineside_error* lineside_api_key_rotate_async(lineside_portal* portal,
                                                             const lineside_api_key_rotate_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Ends a key at once. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_api_key_revoke(lineside_portal* portal,
                                                       const lineside_api_key_revoke_request* request,
                                                       const lineside_call_options* options);
/// As lineside_api_key_revoke, into `queue`.
LINESIDE_C_API lineside_error* lineside_api_key_revoke_async(lineside_portal* portal,
                                                             const lineside_api_key_revoke_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

// ---- The dashboard

/// How much it matters.
enum lineside_severity {
    LINESIDE_SEVERITY_INFO = 1,
    LINESIDE_SEVERITY_WARNING,
    LINESIDE_SEVERITY_ERROR,
};
/// "info" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_severity_name(int32_t value);

/// What a piece of a dashboard shows.
enum lineside_widget_kind {
    LINESIDE_WIDGET_KIND_CHANNEL_COUNT = 1,
    LINESIDE_WIDGET_KIND_BALANCE,
    LINESIDE_WIDGET_KIND_GRAPH,
    LINESIDE_WIDGET_KIND_SUMMARY_TABLE,
    LINESIDE_WIDGET_KIND_CHECKLIST,
    LINESIDE_WIDGET_KIND_ALERTS,
};
/// "channel_count" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_widget_kind_name(int32_t value);

/// Whose checklist, in what language.
typedef struct lineside_checklist_query {
    size_t struct_size;
    const char* account;
    const char* contact;  ///< for the operator: as whom to look; empty: the account's items alone
    const char* language; ///< BCP 47; empty: the contact's
} lineside_checklist_query;

/// Something that waits for the customer.
typedef struct lineside_checklist_item {
    const char* code;   ///< stable: "verify_email"
    int32_t severity;   ///< lineside_severity
    const char* text;   ///< in the language asked for
    const char* remedy; ///< what to do about it, likewise
} lineside_checklist_item;

/// Computed when asked, most severe first.
typedef struct lineside_checklist {
    const char* account;
    const char* language; ///< of the texts
    const lineside_checklist_item* const* items;
    size_t items_count;
} lineside_checklist;

/// One piece of a dashboard. Widgets stand in their order, in rows of four columns.
typedef struct lineside_widget {
    size_t struct_size;
    const char* id;              ///< unique in the layout
    int32_t kind;                ///< lineside_widget_kind; default: LINESIDE_WIDGET_KIND_GRAPH
    int32_t metric;              ///< of a graph; lineside_metric; 0: unset
    int32_t period;              ///< of a summary table; lineside_summary_period; 0: unset
    uint32_t width;              ///< columns, 1 to 4; default: 1
    uint32_t height;             ///< rows, 1 to 4; default: 1
    const uint32_t* range_hours; ///< how far back a graph looks, 1 to 8,784; NULL: unset
    int32_t step;                ///< of a graph; lineside_time_step; 0: unset
    const char* zone;            ///< IANA; empty: the contact's
} lineside_widget;

/// Whose layout.
typedef struct lineside_layout_query {
    size_t struct_size;
    const char* account;
    const char* contact;
} lineside_layout_query;

/// How a dashboard is arranged.
typedef struct lineside_layout {
    size_t struct_size;
    const char* account;
    const char* contact;
    const lineside_widget* const* widgets; ///< at most 50
    size_t widgets_count;
    int32_t customised; ///< 0: the default
} lineside_layout;

/// How the portal of one domain looks: for partners who sell it under their own name.
typedef struct lineside_branding {
    size_t struct_size;
    const char* domain; ///< `portal.example`, lower case
    const char* name;
    const char* logo_url;          ///< https
    const char* text_colour;       ///< `#rrggbb`
    const char* background_colour; ///< likewise; contrast with the text at least 4.5 to 1
    const char* accent_colour;
    const char* support_name;
    const char* support_email;
    const char* support_phone;
    const char* const* languages; ///< BCP 47, those offered; the first is the default
    size_t languages_count;
} lineside_branding;

/// One domain.
typedef struct lineside_branding_key {
    size_t struct_size;
    const char* domain;
} lineside_branding_key;

/// Which brandings to list, in the order of their domains.
typedef struct lineside_branding_query {
    size_t struct_size;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_branding_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_branding_page {
    const lineside_branding* const* items;
    size_t items_count;
    const char* next;
} lineside_branding_page;

/// What waits for the customer, computed now. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_checklist_get(lineside_portal* portal, const lineside_checklist_query* request,
                                                      const lineside_call_options* options, lineside_checklist** out);
/// As lineside_checklist_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_checklist_get_async(lineside_portal* portal,
                                                            const lineside_checklist_query* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_checklist_free(lineside_checklist* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_checklist_take(lineside_completion* completion, lineside_checklist** out);

/// The asker's layout, or the default. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_layout_get(lineside_portal* portal, const lineside_layout_query* request,
                                                   const lineside_call_options* options, lineside_layout** out);
/// As lineside_layout_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_layout_get_async(lineside_portal* portal, const lineside_layout_query* request,
                                                         const lineside_call_options* options, lineside_queue* queue,
                                                         uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_layout_free(lineside_layout* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_layout_take(lineside_completion* completion, lineside_layout** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_layout_revision(const lineside_layout* seen, char out[LINESIDE_REVISION_SIZE]);

/// Changes the asker's layout. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_layout_set(lineside_portal* portal, const lineside_layout* request,
                                                   const lineside_call_options* options, lineside_layout** out);
/// As lineside_layout_set, into `queue`.
LINESIDE_C_API lineside_error* lineside_layout_set_async(lineside_portal* portal, const lineside_layout* request,
                                                         const lineside_call_options* options, lineside_queue* queue,
                                                         uint64_t tag);

/// Gives the asker's layout back its default.
LINESIDE_C_API lineside_error* lineside_layout_reset(lineside_portal* portal, const lineside_layout_query* request,
                                                     const lineside_call_options* options, lineside_layout** out);
/// As lineside_layout_reset, into `queue`.
LINESIDE_C_API lineside_error* lineside_layout_reset_async(lineside_portal* portal,
                                                           const lineside_layout_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Says how the portal of a domain looks. Errors: invalid_argument (also too little contrast).
LINESIDE_C_API lineside_error* lineside_branding_set(lineside_portal* portal, const lineside_branding* request,
                                                     const lineside_call_options* options, lineside_branding** out);
/// As lineside_branding_set, into `queue`.
LINESIDE_C_API lineside_error* lineside_branding_set_async(lineside_portal* portal, const lineside_branding* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_branding_free(lineside_branding* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_branding_take(lineside_completion* completion, lineside_branding** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_branding_revision(const lineside_branding* seen,
                                                          char out[LINESIDE_REVISION_SIZE]);

/// How the portal of a domain looks; the default where none is set.
LINESIDE_C_API lineside_error* lineside_branding_get(lineside_portal* portal, const lineside_branding_key* request,
                                                     const lineside_call_options* options, lineside_branding** out);
/// As lineside_branding_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_branding_get_async(lineside_portal* portal,
                                                           const lineside_branding_key* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Brandings in the order of their domains.
LINESIDE_C_API lineside_error* lineside_branding_list(lineside_portal* portal, const lineside_branding_query* request,
                                                      const lineside_call_options* options,
                                                      lineside_branding_page** out);
/// As lineside_branding_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_branding_list_async(lineside_portal* portal,
                                                            const lineside_branding_query* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_branding_page_free(lineside_branding_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_branding_page_take(lineside_completion* completion,
                                                           lineside_branding_page** out);

// ---- Money

/// Only completed payments count in the balance.
enum lineside_payment_status {
    LINESIDE_PAYMENT_STATUS_PENDING = 1,
    LINESIDE_PAYMENT_STATUS_COMPLETED,
    LINESIDE_PAYMENT_STATUS_CANCELLED,
};
/// "pending" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_payment_status_name(int32_t value);

/// Money a customer paid (positive) or spent on a purchase (negative).
typedef struct lineside_payment {
    const char* account;
    const char* id;
    int64_t created_at;
    const int64_t* completed_at; ///< NULL: unset
    const int64_t* cancelled_at; ///< NULL: unset
    const lineside_money* total; ///< in the account's currency
    int32_t status;              ///< lineside_payment_status
    const char* method;          ///< "bank transfer", "card" ...
    /// Text from a `#` on is private to the operator: a customer sees what stands before it.
    const char* description;
    const char* reference; ///< host-chosen, unique in the account where given
} lineside_payment;

/// A payment to be recorded.
typedef struct lineside_payment_create_request {
    size_t struct_size;
    const char* account;
    const lineside_money* total;
    /// Counts at once where completed; lineside_payment_status; default: LINESIDE_PAYMENT_STATUS_PENDING.
    int32_t status;
    const char* method;
    const char* description;
    /// Creating a payment again with the reference of one that is the same gives that one.
    const char* reference;
} lineside_payment_create_request;

/// A customer says that a bank transfer is on its way: a pending payment.
typedef struct lineside_transfer_announce_request {
    size_t struct_size;
    const char* account;
    const lineside_money* total; ///< above zero
    const char* description;
    const char* reference;
} lineside_transfer_announce_request;

/// One payment.
typedef struct lineside_payment_key {
    size_t struct_size;
    const char* account;
    const char* payment;
} lineside_payment_key;

/// Newest first.
typedef struct lineside_payment_query {
    size_t struct_size;
    const char* account;
    int32_t status; ///< lineside_payment_status; 0: unset
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_payment_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_payment_page {
    const lineside_payment* const* items;
    size_t items_count;
    const char* next;
} lineside_payment_page;

/// Whose balance.
typedef struct lineside_balance_query {
    size_t struct_size;
    const char* account;
} lineside_balance_query;

/// What an account has left. Members that the asker may not see are unset.
typedef struct lineside_balance {
    const char* account;
    const char* currency;
    int64_t as_of;
    const lineside_money* amount;   ///< completed payments - charges
    const lineside_money* payments; ///< completed; NULL: unset
    const lineside_money* charges;  ///< of all calls stored, as in the Summary; NULL: unset
    const lineside_money* debit_limit;
    const lineside_money* credit_available; ///< amount + debit limit
    const lineside_money* in_flight;        ///< what live calls have cost so far, where their rate is known
    const lineside_money* burn_per_minute;  ///< what live calls cost each minute
    uint32_t calls_without_rate;            ///< live calls that in_flight does not know the cost of
    /// Until credit available less in flight is used up at the present burn; unset: nothing burns.
    const int64_t* time_to_zero; ///< NULL: unset
    const char* payment_link;    ///< the host's template filled in; empty: none
} lineside_balance;

/// Payments of an account, newest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_payment_list(lineside_portal* portal, const lineside_payment_query* request,
                                                     const lineside_call_options* options, lineside_payment_page** out);
/// As lineside_payment_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_payment_list_async(lineside_portal* portal,
                                                           const lineside_payment_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_payment_page_free(lineside_payment_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_payment_page_take(lineside_completion* completion, lineside_payment_page** out);

/// Records a payment. Errors: not_found, invalid_argument, conflict (another currency, a reference of another payment).
LINESIDE_C_API lineside_error* lineside_payment_create(lineside_portal* portal,
                                                       const lineside_payment_create_request* request,
                                                       const lineside_call_options* options, lineside_payment** out);
/// As lineside_payment_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_payment_create_async(lineside_portal* portal,
                                                             const lineside_payment_create_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_payment_free(lineside_payment* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_payment_take(lineside_completion* completion, lineside_payment** out);

/// Records a customer's bank transfer that is on its way. Errors: not_found, invalid_argument, conflict.
LINESIDE_C_API lineside_error* lineside_transfer_announce(lineside_portal* portal,
                                                          const lineside_transfer_announce_request* request,
                                                          const lineside_call_options* options, lineside_payment** out);
/// As lineside_transfer_announce, into `queue`.
LINESIDE_C_API lineside_error* lineside_transfer_announce_async(lineside_portal* portal,
                                                                const lineside_transfer_announce_request* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Completes a payment: counts it in the balance, once. Errors: not_found, conflict (it was cancelled).
LINESIDE_C_API lineside_error* lineside_payment_complete(lineside_portal* portal, const lineside_payment_key* request,
                                                         const lineside_call_options* options, lineside_payment** out);
/// As lineside_payment_complete, into `queue`.
LINESIDE_C_API lineside_error* lineside_payment_complete_async(lineside_portal* portal,
                                                               const lineside_payment_key* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Cancels a payment. Errors: not_found, conflict (it was completed).
LINESIDE_C_API lineside_error* lineside_payment_cancel(lineside_portal* portal, const lineside_payment_key* request,
                                                       const lineside_call_options* options, lineside_payment** out);
/// As lineside_payment_cancel, into `queue`.
LINESIDE_C_API lineside_error* lineside_payment_cancel_async(lineside_portal* portal,
                                                             const lineside_payment_key* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// What is left, and what live calls are using up. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_balance_get(lineside_portal* portal, const lineside_balance_query* request,
                                                    const lineside_call_options* options, lineside_balance** out);
/// As lineside_balance_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_balance_get_async(lineside_portal* portal,
                                                          const lineside_balance_query* request,
                                                          const lineside_call_options* options, lineside_queue* queue,
                                                          uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_balance_free(lineside_balance* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_balance_take(lineside_completion* completion, lineside_balance** out);

// ---- Channels

/// What a switch says.
enum lineside_call_event_kind {
    LINESIDE_CALL_EVENT_KIND_STARTED = 1,
    LINESIDE_CALL_EVENT_KIND_ANSWERED,
    LINESIDE_CALL_EVENT_KIND_DIGIT,
    LINESIDE_CALL_EVENT_KIND_ENDED,
};
/// "started" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_call_event_kind_name(int32_t value);

/// Ghosts should be over, but nobody said so.
enum lineside_live_call_state {
    LINESIDE_LIVE_CALL_STATE_RINGING = 1,
    LINESIDE_LIVE_CALL_STATE_ANSWERED,
    LINESIDE_LIVE_CALL_STATE_GHOST,
};
/// "ringing" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_live_call_state_name(int32_t value);

/// Which live calls.
enum lineside_live_call_filter {
    LINESIDE_LIVE_CALL_FILTER_IN_USE = 1,
    LINESIDE_LIVE_CALL_FILTER_GHOSTS,
    LINESIDE_LIVE_CALL_FILTER_ALL,
};
/// "in_use" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_live_call_filter_name(int32_t value);

/// Something a switch says about a call in progress. Repeated and out of order it comes to the same.
typedef struct lineside_call_event {
    size_t struct_size;
    int32_t kind; ///< lineside_call_event_kind; default: LINESIDE_CALL_EVENT_KIND_STARTED
    const char* source;
    const char* call_id;
    const char* branch;
    int64_t at;
    const uint64_t* sequence; ///< the source's own order of the events of a call; else `at` decides; NULL: unset
    const char* account;      ///< needed when started; made where it is not known, as by call records
    const char* cli;
    const char* destination;
    int32_t direction;          ///< lineside_call_direction; default: LINESIDE_CALL_DIRECTION_UNKNOWN
    const lineside_money* rate; ///< per minute of answered time; NULL: unset
} lineside_call_event;

/// What a switch says, in one transaction.
typedef struct lineside_call_event_send_request {
    size_t struct_size;
    const lineside_call_event* const* events;
    size_t events_count;
} lineside_call_event_send_request;

/// What became of the events.
typedef struct lineside_call_event_report {
    uint64_t applied;
    uint64_t ignored; ///< told before, or older than what is known
} lineside_call_event_report;

/// A call in progress.
typedef struct lineside_live_call {
    size_t struct_size;
    const char* account;
    const char* source;
    const char* call_id;
    const char* branch;
    int32_t state; ///< lineside_live_call_state; default: LINESIDE_LIVE_CALL_STATE_RINGING
    int64_t started_at;
    const int64_t* answered_at; ///< NULL: unset
    const char* cli;
    const char* destination;
    int32_t direction; ///< lineside_call_direction; default: LINESIDE_CALL_DIRECTION_UNKNOWN
    uint32_t dtmf_digits;
    const lineside_money* rate; ///< per minute of answered time; NULL: unset
} lineside_live_call;

/// All calls a source has in progress at an instant.
typedef struct lineside_live_call_reconcile_request {
    size_t struct_size;
    const char* source;
    const char* account; ///< of this account alone; NULL: unset
    int64_t at;
    /// Source and state may be left out; started_at (0) where it is not known.
    const lineside_live_call* const* calls;
    size_t calls_count;
} lineside_live_call_reconcile_request;

/// What a snapshot changed.
typedef struct lineside_live_snapshot_report {
    uint64_t confirmed;
    uint64_t added;    ///< not known before: drift
    uint64_t vanished; ///< known, but over: drift
} lineside_live_snapshot_report;

/// May this call start? Answers and occupies the channel in one step; asked again for the same call it answers the
/// same, unless `at` is later than its end or refusal: then the identity is used again.
typedef struct lineside_call_admit_request {
    size_t struct_size;
    const char* account;
    const char* source;
    const char* call_id;
    const char* branch;
    int64_t at; ///< by the source's clock; unset (0): now
    const char* cli;
    const char* destination;
    int32_t direction;          ///< lineside_call_direction; default: LINESIDE_CALL_DIRECTION_UNKNOWN
    const lineside_money* rate; ///< NULL: unset
} lineside_call_admit_request;

/// Whether the call may start.
typedef struct lineside_admission {
    int32_t admitted;
    const char* reason; ///< stable, where refused: "channel_limit", "account_disabled"
    uint32_t in_use;
    const uint32_t* limit; ///< NULL: unset
} lineside_admission;

/// Whose channels.
typedef struct lineside_channels_query {
    size_t struct_size;
    const char* account;
} lineside_channels_query;

/// Channels in use and configured.
typedef struct lineside_channel_status {
    const char* account;
    int64_t as_of;
    uint32_t in_use;
    const uint32_t* configured; ///< NULL: no limit
    uint32_t ringing;
    uint32_t answered;
    uint32_t ghosts;     ///< calls that should be over; not in use
    uint64_t drift;      ///< corrections that snapshots made since the engine was opened
    int64_t drift_net;   ///< calls that they added less those that they ended
    uint64_t aged_out;   ///< calls given up at the maximum duration, likewise
    uint32_t peak_today; ///< since midnight UTC
} lineside_channel_status;

/// Oldest first.
typedef struct lineside_live_call_query {
    size_t struct_size;
    const char* account;
    int32_t filter; ///< lineside_live_call_filter; default: LINESIDE_LIVE_CALL_FILTER_IN_USE
    const char* cursor;
    uint32_t limit; ///< 1 to 5,000; default: 100
} lineside_live_call_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_live_call_page {
    const lineside_live_call* const* items;
    size_t items_count;
    const char* next;
} lineside_live_call_page;

/// Events of calls in progress: one transaction, all or nothing. Errors: invalid_argument (names the event), exhausted.
LINESIDE_C_API lineside_error* lineside_call_event_send(lineside_portal* portal,
                                                        const lineside_call_event_send_request* request,
                                                        const lineside_call_options* options,
                                                        lineside_call_event_report** out);
/// As lineside_call_event_send, into `queue`.
LINESIDE_C_API lineside_error* lineside_call_event_send_async(lineside_portal* portal,
                                                              const lineside_call_event_send_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_call_event_report_free(lineside_call_event_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_call_event_report_take(lineside_completion* completion,
                                                               lineside_call_event_report** out);

/// Brings the live calls of a source into line with what it says it has. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_live_call_reconcile(lineside_portal* portal,
                                                            const lineside_live_call_reconcile_request* request,
                                                            const lineside_call_options* options,
                                                            lineside_live_snapshot_report** out);
/// As lineside_live_call_reconcile, into `queue`.
LINESIDE_C_API lineside_error* lineside_live_call_reconcile_async(lineside_portal* portal,
                                                                  const lineside_live_call_reconcile_request* request,
                                                                  const lineside_call_options* options,
                                                                  lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_live_snapshot_report_free(lineside_live_snapshot_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_live_snapshot_report_take(lineside_completion* completion,
                                                                  lineside_live_snapshot_report** out);

/// Asks whether a call may start; it then occupies a channel. Errors: not_found, invalid_argument, exhausted (more live
/// calls than the engine keeps).
LINESIDE_C_API lineside_error* lineside_call_admit(lineside_portal* portal, const lineside_call_admit_request* request,
                                                   const lineside_call_options* options, lineside_admission** out);
/// As lineside_call_admit, into `queue`.
LINESIDE_C_API lineside_error* lineside_call_admit_async(lineside_portal* portal,
                                                         const lineside_call_admit_request* request,
                                                         const lineside_call_options* options, lineside_queue* queue,
                                                         uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_admission_free(lineside_admission* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_admission_take(lineside_completion* completion, lineside_admission** out);

/// Channels in use and configured. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_channels_get(lineside_portal* portal, const lineside_channels_query* request,
                                                     const lineside_call_options* options,
                                                     lineside_channel_status** out);
/// As lineside_channels_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_channels_get_async(lineside_portal* portal,
                                                           const lineside_channels_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_channel_status_free(lineside_channel_status* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_channel_status_take(lineside_completion* completion,
                                                            lineside_channel_status** out);

/// Calls in progress, oldest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_live_call_list(lineside_portal* portal, const lineside_live_call_query* request,
                                                       const lineside_call_options* options,
                                                       lineside_live_call_page** out);
/// As lineside_live_call_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_live_call_list_async(lineside_portal* portal,
                                                             const lineside_live_call_query* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_live_call_page_free(lineside_live_call_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_live_call_page_take(lineside_completion* completion,
                                                            lineside_live_call_page** out);

// ---- Internal numbers

/// Why a block or an extension cannot be had, transferred or released. Values and names are stable. The `cause` in the
/// diagnostics of an error is one of these wherever a rule for numbers is behind it.
enum lineside_number_refusal {
    LINESIDE_NUMBER_REFUSAL_MALFORMED = 1, ///< not 1 to 18 digits; a range: not two of one width, the lower one first
    LINESIDE_NUMBER_REFUSAL_OUT_OF_RANGE = 2,       ///< there are no such numbers of that width
    LINESIDE_NUMBER_REFUSAL_RESERVED = 3,           ///< reserved by the operator
    LINESIDE_NUMBER_REFUSAL_OVERLAPS_BLOCK = 4,     ///< it touches a block
    LINESIDE_NUMBER_REFUSAL_RESTING = 5,            ///< released not long ago
    LINESIDE_NUMBER_REFUSAL_EXHAUSTED = 6,          ///< no free block of that size, or no free number, is left
    LINESIDE_NUMBER_REFUSAL_UNKNOWN_BLOCK = 7,      ///< the account has no such block
    LINESIDE_NUMBER_REFUSAL_HOLDS_EXTENSION = 8,    ///< somebody else's live extension is inside the range
    LINESIDE_NUMBER_REFUSAL_IN_USE = 9,             ///< live extensions are inside the block
    LINESIDE_NUMBER_REFUSAL_TAKEN = 10,             ///< the extension is another account's
    LINESIDE_NUMBER_REFUSAL_ALREADY_YOURS = 11,     ///< the extension is the account's already
    LINESIDE_NUMBER_REFUSAL_IN_OTHER_BLOCK = 12,    ///< the number is inside another account's block
    LINESIDE_NUMBER_REFUSAL_OUTSIDE_BLOCKS = 13,    ///< the account has blocks, and the number is in none of them
    LINESIDE_NUMBER_REFUSAL_WRONG_WIDTH = 14,       ///< the account has blocks, all of another number of digits
    LINESIDE_NUMBER_REFUSAL_DUPLICATE = 15,         ///< the same number stands further up in the list
    LINESIDE_NUMBER_REFUSAL_UNKNOWN_EXTENSION = 16, ///< the account has no such live extension
    LINESIDE_NUMBER_REFUSAL_NO_BLOCK = 17,          ///< the next free number of an account without a block
    LINESIDE_NUMBER_REFUSAL_UNKNOWN_ACCOUNT = 18,
    LINESIDE_NUMBER_REFUSAL_UNKNOWN_CONTACT = 19,
    LINESIDE_NUMBER_REFUSAL_REQUEST_REUSED = 20, ///< the request id was another request's
};
/// "malformed" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_number_refusal_name(int32_t value);

/// What a number is, to whoever asks.
enum lineside_number_state {
    LINESIDE_NUMBER_STATE_FREE = 1,
    LINESIDE_NUMBER_STATE_YOURS,
    LINESIDE_NUMBER_STATE_TAKEN,
    LINESIDE_NUMBER_STATE_OUTSIDE_BLOCKS,
    LINESIDE_NUMBER_STATE_RESERVED,
    LINESIDE_NUMBER_STATE_RESTING,
    LINESIDE_NUMBER_STATE_MALFORMED,
};
/// "free" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_number_state_name(int32_t value);

/// What happens to the live extensions of a block that is given back.
enum lineside_release_extensions {
    LINESIDE_RELEASE_EXTENSIONS_REFUSE = 1,
    LINESIDE_RELEASE_EXTENSIONS_RELEASE,
};
/// "refuse" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_release_extensions_name(int32_t value);

/// A range of numbers of one width, both ends included: "1000" to "1999". 0100 is not 100.
typedef struct lineside_number_range {
    const char* first;
    const char* last;
} lineside_number_range;

/// The operator's rules for internal numbers.
typedef struct lineside_numbering {
    size_t struct_size;
    const char* range_start; ///< where the first block begins; its width is that of blocks added; default: "1000"
    uint32_t block_size;     ///< default: 1,000
    /// 0 to 3,650: before a released number can be used again; of releases from now on; NULL: 30.
    const uint32_t* rest_days;
    /// Never given out. What is reserved inside a block cannot become an extension; a new block is never laid over it.
    const lineside_number_range* const* reserved;
    size_t reserved_count;
} lineside_numbering;

/// The operator's rules: nothing to say.
typedef struct lineside_numbering_query {
    size_t struct_size;
} lineside_numbering_query;

/// A range of internal numbers that an account has.
typedef struct lineside_number_block {
    const char* account;
    const char* id; ///< its range: "1000-1999"
    const lineside_number_range* range;
    int64_t created_at;
    uint64_t extensions; ///< live ones inside
} lineside_number_block;

/// The next available block.
typedef struct lineside_number_block_add_request {
    size_t struct_size;
    const char* account;
    const uint32_t* size;   ///< NULL: the operator's block size
    const char* request_id; ///< host-chosen, up to 128 bytes; asking again within 24 h gives the same block
} lineside_number_block_add_request;

/// This range.
typedef struct lineside_number_block_claim_request {
    size_t struct_size;
    const char* account;
    const lineside_number_range* range;
    const char* request_id;
} lineside_number_block_claim_request;

/// A block to be given back.
typedef struct lineside_number_block_release_request {
    size_t struct_size;
    const char* account;
    const char* block;
    /// When there are live ones inside; lineside_release_extensions; default: LINESIDE_RELEASE_EXTENSIONS_REFUSE.
    int32_t extensions;
} lineside_number_block_release_request;

/// With its extensions, whose contacts it leaves behind. The operator's.
typedef struct lineside_number_block_transfer_request {
    size_t struct_size;
    const char* account;
    const char* block;
    const char* to;
} lineside_number_block_transfer_request;

/// Which blocks to list, by range.
typedef struct lineside_number_block_query {
    size_t struct_size;
    const char* account;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_number_block_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_number_block_page {
    const lineside_number_block* const* items;
    size_t items_count;
    const char* next;
} lineside_number_block_page;

/// An internal number that is in use.
typedef struct lineside_extension {
    const char* account;
    const char* number;
    const char* contact; ///< empty: nobody's in particular
    int64_t created_at;
} lineside_extension;

/// An extension to be assigned.
typedef struct lineside_extension_claim_request {
    size_t struct_size;
    const char* account;
    const char* number; ///< empty: the lowest free one of the account's blocks
    const char* contact;
    const char* request_id;
} lineside_extension_claim_request;

/// One extension.
typedef struct lineside_extension_key {
    size_t struct_size;
    const char* account;
    const char* number;
} lineside_extension_key;

/// An extension, and who will have it.
typedef struct lineside_extension_transfer_request {
    size_t struct_size;
    const char* account;
    const char* number;
    const char* to_contact; ///< of the account that will have it; empty: nobody's in particular
    const char* to_account; ///< the operator's; NULL: unset
} lineside_extension_transfer_request;

/// By number.
typedef struct lineside_extension_query {
    size_t struct_size;
    const char* account;
    const char* contact; ///< NULL: unset
    const char* cursor;
    uint32_t limit; ///< 1 to 5,000; default: 100
} lineside_extension_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_extension_page {
    const lineside_extension* const* items;
    size_t items_count;
    const char* next;
} lineside_extension_page;

/// One number.
typedef struct lineside_number_owner_query {
    size_t struct_size;
    const char* account; ///< as whom to ask; the operator may leave it empty
    const char* number;
} lineside_number_owner_query;

/// Whose a number is, as far as the asker may know.
typedef struct lineside_number_owner {
    const char* number;
    int32_t state;                      ///< lineside_number_state
    const char* text;                   ///< in words
    const char* owner;                  ///< for the operator alone; NULL: unset
    const char* contact;                ///< of the asker's own extension; for the operator of anybody's; NULL: unset
    const lineside_number_range* block; ///< likewise; NULL: unset
    const int64_t* free_from;           ///< of a resting number; NULL: unset
} lineside_number_owner;

/// Whose blocks.
typedef struct lineside_utilisation_query {
    size_t struct_size;
    const char* account;
} lineside_utilisation_query;

/// How far one block is used.
typedef struct lineside_block_utilisation {
    const lineside_number_range* range;
    uint64_t numbers;
    uint64_t used;
    uint64_t resting;
    uint64_t reserved;
    uint64_t free;
} lineside_block_utilisation;

/// How far the blocks of an account are used.
typedef struct lineside_utilisation {
    const char* account;
    const lineside_block_utilisation* const* blocks;
    size_t blocks_count;
    uint64_t numbers; ///< this and what follows: of all blocks
    uint64_t used;
    uint64_t resting;
    uint64_t reserved;
    uint64_t free;
    uint64_t outside_blocks; ///< live extensions that lie in no block
} lineside_utilisation;

/// An existing SIP user to be taken over.
typedef struct lineside_extension_import_row {
    size_t struct_size;
    const char* account;
    const char* number;
    const char* contact;
} lineside_extension_import_row;

/// Existing SIP users to be taken over.
typedef struct lineside_extension_import_request {
    size_t struct_size;
    const lineside_extension_import_row* const* rows; ///< at most 100,000
    size_t rows_count;
} lineside_extension_import_request;

/// Why a row cannot be taken over.
typedef struct lineside_extension_collision {
    uint64_t row; ///< from 0
    const char* account;
    const char* number;
    int32_t reason;   ///< lineside_number_refusal
    const char* text; ///< in words
} lineside_extension_collision;

/// All rows are imported, or, when there are collisions, none.
typedef struct lineside_extension_import_report {
    uint64_t rows;
    uint64_t imported;
    const lineside_extension_collision* const* collisions;
    size_t collisions_count;
} lineside_extension_import_report;

/// Changes the operator's rules for internal numbers. Errors: invalid_argument, conflict (a reserved range holds live
/// extensions).
LINESIDE_C_API lineside_error* lineside_numbering_set(lineside_portal* portal, const lineside_numbering* request,
                                                      const lineside_call_options* options, lineside_numbering** out);
/// As lineside_numbering_set, into `queue`.
LINESIDE_C_API lineside_error* lineside_numbering_set_async(lineside_portal* portal, const lineside_numbering* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_numbering_free(lineside_numbering* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_numbering_take(lineside_completion* completion, lineside_numbering** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_numbering_revision(const lineside_numbering* seen,
                                                           char out[LINESIDE_REVISION_SIZE]);

/// The operator's rules for internal numbers.
LINESIDE_C_API lineside_error* lineside_numbering_get(lineside_portal* portal, const lineside_numbering_query* request,
                                                      const lineside_call_options* options, lineside_numbering** out);
/// As lineside_numbering_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_numbering_get_async(lineside_portal* portal,
                                                            const lineside_numbering_query* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Assigns the next available block. Errors: not_found, exhausted (no block is left), invalid_argument.
LINESIDE_C_API lineside_error* lineside_number_block_add(lineside_portal* portal,
                                                         const lineside_number_block_add_request* request,
                                                         const lineside_call_options* options,
                                                         lineside_number_block** out);
/// As lineside_number_block_add, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_block_add_async(lineside_portal* portal,
                                                               const lineside_number_block_add_request* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_number_block_free(lineside_number_block* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_number_block_take(lineside_completion* completion, lineside_number_block** out);

/// Assigns this range. Errors: not_found, invalid_argument, conflict (and with what).
LINESIDE_C_API lineside_error* lineside_number_block_claim(lineside_portal* portal,
                                                           const lineside_number_block_claim_request* request,
                                                           const lineside_call_options* options,
                                                           lineside_number_block** out);
/// As lineside_number_block_claim, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_block_claim_async(lineside_portal* portal,
                                                                 const lineside_number_block_claim_request* request,
                                                                 const lineside_call_options* options,
                                                                 lineside_queue* queue, uint64_t tag);

/// Gives a block back. Errors: not_found, conflict (live extensions inside).
LINESIDE_C_API lineside_error* lineside_number_block_release(lineside_portal* portal,
                                                             const lineside_number_block_release_request* request,
                                                             const lineside_call_options* options);
/// As lineside_number_block_release, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_block_release_async(lineside_portal* portal,
                                                                   const lineside_number_block_release_request* request,
                                                                   const lineside_call_options* options,
                                                                   lineside_queue* queue, uint64_t tag);

/// Gives a block to another account. Errors: not_found, conflict.
LINESIDE_C_API lineside_error* lineside_number_block_transfer(lineside_portal* portal,
                                                              const lineside_number_block_transfer_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_number_block** out);
/// As lineside_number_block_transfer, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_block_transfer_async(
    lineside_portal* portal, const lineside_number_block_transfer_request* request,
    const lineside_call_options* options, lineside_queue* queue, uint64_t tag);

/// Number blocks of an account, by range. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_number_block_list(lineside_portal* portal,
                                                          const lineside_number_block_query* request,
                                                          const lineside_call_options* options,
                                                          lineside_number_block_page** out);
/// As lineside_number_block_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_block_list_async(lineside_portal* portal,
                                                                const lineside_number_block_query* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_number_block_page_free(lineside_number_block_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_number_block_page_take(lineside_completion* completion,
                                                               lineside_number_block_page** out);

/// Assigns an extension: a number, or the lowest that is free. Errors: not_found, invalid_argument, conflict (and why,
/// in words), exhausted (no number is free).
LINESIDE_C_API lineside_error* lineside_extension_claim(lineside_portal* portal,
                                                        const lineside_extension_claim_request* request,
                                                        const lineside_call_options* options, lineside_extension** out);
/// As lineside_extension_claim, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_claim_async(lineside_portal* portal,
                                                              const lineside_extension_claim_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_extension_free(lineside_extension* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_extension_take(lineside_completion* completion, lineside_extension** out);

/// Gives an extension back. The number rests before it can be used again. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_extension_release(lineside_portal* portal,
                                                          const lineside_extension_key* request,
                                                          const lineside_call_options* options);
/// As lineside_extension_release, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_release_async(lineside_portal* portal,
                                                                const lineside_extension_key* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Gives an extension to another contact or account. Errors: not_found, conflict, permission_denied (another account:
/// the operator's).
LINESIDE_C_API lineside_error* lineside_extension_transfer(lineside_portal* portal,
                                                           const lineside_extension_transfer_request* request,
                                                           const lineside_call_options* options,
                                                           lineside_extension** out);
/// As lineside_extension_transfer, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_transfer_async(lineside_portal* portal,
                                                                 const lineside_extension_transfer_request* request,
                                                                 const lineside_call_options* options,
                                                                 lineside_queue* queue, uint64_t tag);

/// Extensions of an account, by number. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_extension_list(lineside_portal* portal, const lineside_extension_query* request,
                                                       const lineside_call_options* options,
                                                       lineside_extension_page** out);
/// As lineside_extension_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_list_async(lineside_portal* portal,
                                                             const lineside_extension_query* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_extension_page_free(lineside_extension_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_extension_page_take(lineside_completion* completion,
                                                            lineside_extension_page** out);

/// Whether a number is free, the asker's or not to be had. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_number_owner_get(lineside_portal* portal,
                                                         const lineside_number_owner_query* request,
                                                         const lineside_call_options* options,
                                                         lineside_number_owner** out);
/// As lineside_number_owner_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_number_owner_get_async(lineside_portal* portal,
                                                               const lineside_number_owner_query* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_number_owner_free(lineside_number_owner* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_number_owner_take(lineside_completion* completion, lineside_number_owner** out);

/// How far the number blocks of an account are used. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_utilisation_get(lineside_portal* portal,
                                                        const lineside_utilisation_query* request,
                                                        const lineside_call_options* options,
                                                        lineside_utilisation** out);
/// As lineside_utilisation_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_utilisation_get_async(lineside_portal* portal,
                                                              const lineside_utilisation_query* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_utilisation_free(lineside_utilisation* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_utilisation_take(lineside_completion* completion, lineside_utilisation** out);

/// What would collide if these SIP users were taken over; changes nothing.
LINESIDE_C_API lineside_error* lineside_extension_check(lineside_portal* portal,
                                                        const lineside_extension_import_request* request,
                                                        const lineside_call_options* options,
                                                        lineside_extension_import_report** out);
/// As lineside_extension_check, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_check_async(lineside_portal* portal,
                                                              const lineside_extension_import_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_extension_import_report_free(lineside_extension_import_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_extension_import_report_take(lineside_completion* completion,
                                                                     lineside_extension_import_report** out);

/// Takes existing SIP users over: all, or none where anything collides.
LINESIDE_C_API lineside_error* lineside_extension_import(lineside_portal* portal,
                                                         const lineside_extension_import_request* request,
                                                         const lineside_call_options* options,
                                                         lineside_extension_import_report** out);
/// As lineside_extension_import, into `queue`.
LINESIDE_C_API lineside_error* lineside_extension_import_async(lineside_portal* portal,
                                                               const lineside_extension_import_request* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

// ---- Alerts

/// What a rule looks at.
enum lineside_alert_area {
    LINESIDE_ALERT_AREA_BALANCE = 1, ///< credit available, in the account's currency
    LINESIDE_ALERT_AREA_ASR,         ///< %
    LINESIDE_ALERT_AREA_ACD,         ///< s
    LINESIDE_ALERT_AREA_PDD,         ///< ms
    LINESIDE_ALERT_AREA_CPS,         ///< calls started in the busiest second
    LINESIDE_ALERT_AREA_CHANNELS,
    LINESIDE_ALERT_AREA_CONSECUTIVE_FAILURES, ///< attempts in a row that were not answered
    LINESIDE_ALERT_AREA_DAILY_SPEND,          ///< charges since midnight UTC, in the account's currency
};
/// "balance" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_alert_area_name(int32_t value);

/// How a value stands to a threshold.
enum lineside_alert_operator {
    LINESIDE_ALERT_OPERATOR_LESS = 1,
    LINESIDE_ALERT_OPERATOR_LESS_OR_EQUAL,
    LINESIDE_ALERT_OPERATOR_EQUAL,
    LINESIDE_ALERT_OPERATOR_GREATER_OR_EQUAL,
    LINESIDE_ALERT_OPERATOR_GREATER,
};
/// "<" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_alert_operator_name(int32_t value);

/// What a line of the alert history says.
enum lineside_alert_event_kind {
    LINESIDE_ALERT_EVENT_KIND_FIRED = 1,
    LINESIDE_ALERT_EVENT_KIND_REPEATED,
    LINESIDE_ALERT_EVENT_KIND_HELD_BACK,
    LINESIDE_ALERT_EVENT_KIND_RESET,
    LINESIDE_ALERT_EVENT_KIND_TESTED,
};
/// "fired" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_alert_event_kind_name(int32_t value);

/// Whether a test is sent.
enum lineside_alert_test_delivery {
    LINESIDE_ALERT_TEST_DELIVERY_SIMULATE = 1,
    LINESIDE_ALERT_TEST_DELIVERY_SEND,
};
/// "simulate" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_alert_test_delivery_name(int32_t value);

/// How far a delivery has come.
enum lineside_delivery_status {
    LINESIDE_DELIVERY_STATUS_WAITING = 1,
    LINESIDE_DELIVERY_STATUS_DELIVERED,
    LINESIDE_DELIVERY_STATUS_DEAD,
};
/// "waiting" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_delivery_status_name(int32_t value);

/// How something reaches somebody.
enum lineside_delivery_channel {
    LINESIDE_DELIVERY_CHANNEL_CALLBACK = 1,
    LINESIDE_DELIVERY_CHANNEL_MAIL,
    LINESIDE_DELIVERY_CHANNEL_WEBHOOK,
};
/// "callback" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_delivery_channel_name(int32_t value);

/// Local times of day between which nothing is sent; across midnight where `from` is later than `to`. What is held back
/// is sent at their end if it still holds.
typedef struct lineside_quiet_hours {
    size_t struct_size;
    uint32_t from_minute; ///< of the day, 0 to 1,439
    uint32_t to_minute;
    const char* zone; ///< IANA; empty: the account's
} lineside_quiet_hours;

/// When somebody is told about what.
typedef struct lineside_alert_rule {
    size_t struct_size;
    const char* account;
    const char* id; ///< assigned by the engine
    const char* title;
    int32_t area; ///< lineside_alert_area; default: LINESIDE_ALERT_AREA_ASR
    int32_t op;   ///< lineside_alert_operator; default: LINESIDE_ALERT_OPERATOR_LESS
    double threshold;
    /// Once fired, fires again only after the value was beyond this (above it for < and <=, below for > and >=); unset:
    /// after the value was no longer beyond the threshold.
    const double* reset_threshold; ///< NULL: unset
    /// Whole minutes, 1 minute to 31 days; of no meaning for balance and daily_spend. ASR, ACD, PDD and consecutive
    /// failures are of the calls that ended in it, CPS and channels are the most that were seen in it.
    int64_t sample_period; ///< default: 1 hour
    /// Fewer calls decide nothing; for ASR, ACD (answered ones), PDD (those that report it) and consecutive failures.
    /// For ASR with < <= > >= the calls have to be enough, too, for the whole Wilson interval to be beyond the
    /// threshold.
    uint32_t minimum_samples;      ///< default: 1
    int64_t repeat_period;         ///< at most one notification in it; 1 minute to 31 days; default: 24 hours
    int32_t level;                 ///< lineside_severity; default: LINESIDE_SEVERITY_WARNING
    const char* const* recipients; ///< e-mail addresses, at most 20
    size_t recipients_count;
    const lineside_quiet_hours* quiet; ///< NULL: unset
    const int32_t* enabled;            ///< NULL: 1
    int64_t created_at;
} lineside_alert_rule;

/// One rule.
typedef struct lineside_alert_rule_key {
    size_t struct_size;
    const char* account;
    const char* rule;
} lineside_alert_rule_key;

/// Which rules to list, oldest first.
typedef struct lineside_alert_rule_query {
    size_t struct_size;
    const char* account;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_alert_rule_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_alert_rule_page {
    const lineside_alert_rule* const* items;
    size_t items_count;
    const char* next;
} lineside_alert_rule_page;

/// A line of an account's alert history. Those that fired, repeated or were tested were sent; the others are kept
/// alone.
struct lineside_alert_event {
    const char* account;
    uint64_t number; ///< from 1, without gaps
    int64_t at;
    const char* rule;
    const char* title;
    int32_t area;        ///< lineside_alert_area
    int32_t kind;        ///< lineside_alert_event_kind
    int32_t level;       ///< lineside_severity
    const double* value; ///< NULL: unset
    uint64_t samples;
    double threshold;
    const char* text; ///< why, in words
};

/// Newest first.
typedef struct lineside_alert_event_query {
    size_t struct_size;
    const char* account;
    const char* rule;                 ///< empty: of all
    const lineside_time_range* range; ///< NULL: all there are
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_alert_event_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_alert_event_page {
    const lineside_alert_event* const* items;
    size_t items_count;
    const char* next;
} lineside_alert_event_page;

/// A rule to be tried.
typedef struct lineside_alert_rule_test_request {
    size_t struct_size;
    const char* account;
    const char* rule;
    int32_t delivery; ///< lineside_alert_test_delivery; default: LINESIDE_ALERT_TEST_DELIVERY_SIMULATE
} lineside_alert_rule_test_request;

/// What the rule sees now and what it would do.
typedef struct lineside_alert_test {
    const lineside_alert_event* event;
    int32_t would_fire;
    const char* const* recipients;
    size_t recipients_count;
    const char* message; ///< what would be sent
} lineside_alert_test;

/// At most 366 days, and 600,000 looks of the rule.
typedef struct lineside_alert_rule_backtest_request {
    size_t struct_size;
    const lineside_alert_rule* rule; ///< stored or not
    const lineside_time_range* range;
    lineside_reached_callback on_progress; ///< blocking form, on the calling thread
    void* context;                         ///< of the callback
    int32_t report_progress;               ///< `_async`: as completions
} lineside_alert_rule_backtest_request;

/// What the rule would have done had it looked at every step, each call been reported when it ended and, for CPS and
/// channels, when it started.
typedef struct lineside_alert_backtest {
    const lineside_time_range* range;
    uint64_t evaluations;
    uint64_t fired; ///< times anybody would have been told, repetitions included
    uint64_t held_back;
    const lineside_alert_event* const* events; ///< at most 10,000
    size_t events_count;
} lineside_alert_backtest;

/// How much to do at once.
typedef struct lineside_due_work_run_request {
    size_t struct_size;
    /// Deliveries to try at most, 1 to 10,000; those to one slow receiver take 5 s each.
    uint32_t most_deliveries; ///< default: 1,000
} lineside_due_work_run_request;

/// What the clock brought: alerts evaluated, deliveries made, old things given up.
typedef struct lineside_work_report {
    uint64_t evaluated;
    uint64_t fired;
    uint64_t delivered;
    uint64_t failed;
    uint64_t waiting;
    const int64_t* next_due; ///< run again then; NULL: no rule and no delivery waits
} lineside_work_report;

/// Where events of an account are posted to, signed as Standard Webhooks (a receiver checks it with
/// lineside_webhook_verify): a JSON object `{"type": "alert.fired", "timestamp": ..., "data": alert_event}`. Events are
/// "alert.fired", "alert.repeated" and "alert.tested".
typedef struct lineside_webhook {
    const char* account;
    const char* id;
    const char* url;           ///< https, to a public address
    const char* const* events; ///< "alert.fired" ...; empty: all
    size_t events_count;
    int64_t created_at;
    int32_t enabled; ///< the engine turns it off when the receiver says 410
} lineside_webhook;

/// A new webhook.
typedef struct lineside_webhook_create_request {
    size_t struct_size;
    const char* account;
    const char* url;
    const char* const* events;
    size_t events_count;
} lineside_webhook_create_request;

/// The signing secret, `whsec_...`, is shown once.
typedef struct lineside_webhook_grant {
    const lineside_webhook* webhook;
    const char* signing_secret;
} lineside_webhook_grant;

/// One webhook.
typedef struct lineside_webhook_key {
    size_t struct_size;
    const char* account;
    const char* webhook;
} lineside_webhook_key;

/// Which webhooks to list, oldest first.
typedef struct lineside_webhook_query {
    size_t struct_size;
    const char* account;
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_webhook_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_webhook_page {
    const lineside_webhook* const* items;
    size_t items_count;
    const char* next;
} lineside_webhook_page;

/// Something on its way to somebody. It is written together with what it tells, and made at least once: after a kill in
/// the middle it may come twice, with the same id. Kept for 30 days.
typedef struct lineside_delivery {
    const char* account;
    const char* id;      ///< the header webhook-id: the same in every attempt
    int32_t channel;     ///< lineside_delivery_channel
    const char* webhook; ///< id; of webhooks
    const char* to;      ///< a URL, an e-mail address, or nothing
    const char* event;   ///< "alert.fired" ...
    const char* body;    ///< of the webhook, or the mail's text
    int32_t status;      ///< lineside_delivery_status
    uint32_t attempts;
    int64_t created_at;
    const int64_t* next_attempt_at; ///< NULL: unset
    const char* last_failure;
} lineside_delivery;

/// Newest first.
typedef struct lineside_delivery_query {
    size_t struct_size;
    const char* account;
    int32_t status; ///< lineside_delivery_status; 0: unset
    const char* cursor;
    uint32_t limit; ///< 1 to 1,000; default: 100
} lineside_delivery_query;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_delivery_page {
    const lineside_delivery* const* items;
    size_t items_count;
    const char* next;
} lineside_delivery_page;

/// Sends a dead or delivered one again, with the same id.
typedef struct lineside_delivery_key {
    size_t struct_size;
    const char* account;
    const char* delivery;
} lineside_delivery_key;

/// Makes an alert rule. Errors: not_found, invalid_argument, conflict (the title is taken), permission_denied (it
/// speaks of money that the asker may not see), exhausted (too many rules).
LINESIDE_C_API lineside_error* lineside_alert_rule_create(lineside_portal* portal, const lineside_alert_rule* request,
                                                          const lineside_call_options* options,
                                                          lineside_alert_rule** out);
/// As lineside_alert_rule_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_create_async(lineside_portal* portal,
                                                                const lineside_alert_rule* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_alert_rule_free(lineside_alert_rule* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_alert_rule_take(lineside_completion* completion, lineside_alert_rule** out);
/// What it looked like, for lineside_call_options.if_match: 22 characters, equal for equal values only.
LINESIDE_C_API lineside_error* lineside_alert_rule_revision(const lineside_alert_rule* seen,
                                                            char out[LINESIDE_REVISION_SIZE]);

/// Replaces an alert rule. Errors: not_found, invalid_argument, conflict, permission_denied.
LINESIDE_C_API lineside_error* lineside_alert_rule_update(lineside_portal* portal, const lineside_alert_rule* request,
                                                          const lineside_call_options* options,
                                                          lineside_alert_rule** out);
/// As lineside_alert_rule_update, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_update_async(lineside_portal* portal,
                                                                const lineside_alert_rule* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Deletes an alert rule; its history stays. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_alert_rule_delete(lineside_portal* portal,
                                                          const lineside_alert_rule_key* request,
                                                          const lineside_call_options* options);
/// As lineside_alert_rule_delete, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_delete_async(lineside_portal* portal,
                                                                const lineside_alert_rule_key* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Alert rules of an account, oldest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_alert_rule_list(lineside_portal* portal,
                                                        const lineside_alert_rule_query* request,
                                                        const lineside_call_options* options,
                                                        lineside_alert_rule_page** out);
/// As lineside_alert_rule_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_list_async(lineside_portal* portal,
                                                              const lineside_alert_rule_query* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_alert_rule_page_free(lineside_alert_rule_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_alert_rule_page_take(lineside_completion* completion,
                                                             lineside_alert_rule_page** out);

/// What a rule sees and would do now. Errors: not_found, exhausted (one sent test a minute).
LINESIDE_C_API lineside_error* lineside_alert_rule_test(lineside_portal* portal,
                                                        const lineside_alert_rule_test_request* request,
                                                        const lineside_call_options* options,
                                                        lineside_alert_test** out);
/// As lineside_alert_rule_test, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_test_async(lineside_portal* portal,
                                                              const lineside_alert_rule_test_request* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_alert_test_free(lineside_alert_test* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_alert_test_take(lineside_completion* completion, lineside_alert_test** out);

/// Replays a rule over stored history. Errors: not_found, invalid_argument, permission_denied.
LINESIDE_C_API lineside_error* lineside_alert_rule_backtest(lineside_portal* portal,
                                                            const lineside_alert_rule_backtest_request* request,
                                                            const lineside_call_options* options,
                                                            lineside_alert_backtest** out);
/// As lineside_alert_rule_backtest, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_rule_backtest_async(lineside_portal* portal,
                                                                  const lineside_alert_rule_backtest_request* request,
                                                                  const lineside_call_options* options,
                                                                  lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_alert_backtest_free(lineside_alert_backtest* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_alert_backtest_take(lineside_completion* completion,
                                                            lineside_alert_backtest** out);

/// Alerts that fired, newest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_alert_event_list(lineside_portal* portal,
                                                         const lineside_alert_event_query* request,
                                                         const lineside_call_options* options,
                                                         lineside_alert_event_page** out);
/// As lineside_alert_event_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_alert_event_list_async(lineside_portal* portal,
                                                               const lineside_alert_event_query* request,
                                                               const lineside_call_options* options,
                                                               lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_alert_event_page_free(lineside_alert_event_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_alert_event_page_take(lineside_completion* completion,
                                                              lineside_alert_event_page** out);

/// Evaluates alerts by the clock, makes deliveries that are due and gives up what is too old. The host runs it, at the
/// latest when the last report said, and every minute for rules that are made in between.
LINESIDE_C_API lineside_error* lineside_due_work_run(lineside_portal* portal,
                                                     const lineside_due_work_run_request* request,
                                                     const lineside_call_options* options, lineside_work_report** out);
/// As lineside_due_work_run, into `queue`.
LINESIDE_C_API lineside_error* lineside_due_work_run_async(lineside_portal* portal,
                                                           const lineside_due_work_run_request* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_work_report_free(lineside_work_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_work_report_take(lineside_completion* completion, lineside_work_report** out);

/// Makes a webhook. Errors: not_found, invalid_argument, exhausted (too many webhooks).
LINESIDE_C_API lineside_error* lineside_webhook_create(lineside_portal* portal,
                                                       const lineside_webhook_create_request* request,
                                                       const lineside_call_options* options,
                                                       lineside_webhook_grant** out);
/// As lineside_webhook_create, into `queue`.
LINESIDE_C_API lineside_error* lineside_webhook_create_async(lineside_portal* portal,
                                                             const lineside_webhook_create_request* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_webhook_grant_free(lineside_webhook_grant* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_webhook_grant_take(lineside_completion* completion,
                                                           lineside_webhook_grant** out);

/// Webhooks of an account, oldest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_webhook_list(lineside_portal* portal, const lineside_webhook_query* request,
                                                     const lineside_call_options* options, lineside_webhook_page** out);
/// As lineside_webhook_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_webhook_list_async(lineside_portal* portal,
                                                           const lineside_webhook_query* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_webhook_page_free(lineside_webhook_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_webhook_page_take(lineside_completion* completion, lineside_webhook_page** out);

/// Deletes a webhook; what waits for it is given up. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_webhook_delete(lineside_portal* portal, const lineside_webhook_key* request,
                                                       const lineside_call_options* options);
/// As lineside_webhook_delete, into `queue`.
LINESIDE_C_API lineside_error* lineside_webhook_delete_async(lineside_portal* portal,
                                                             const lineside_webhook_key* request,
                                                             const lineside_call_options* options,
                                                             lineside_queue* queue, uint64_t tag);

/// What was sent to the receivers of an account, or waits to be; newest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_delivery_list(lineside_portal* portal, const lineside_delivery_query* request,
                                                      const lineside_call_options* options,
                                                      lineside_delivery_page** out);
/// As lineside_delivery_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_delivery_list_async(lineside_portal* portal,
                                                            const lineside_delivery_query* request,
                                                            const lineside_call_options* options, lineside_queue* queue,
                                                            uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_delivery_page_free(lineside_delivery_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_delivery_page_take(lineside_completion* completion,
                                                           lineside_delivery_page** out);

/// Sends something once more. Errors: not_found, conflict (the webhook is gone), exhausted (one replay a minute).
LINESIDE_C_API lineside_error* lineside_delivery_replay(lineside_portal* portal, const lineside_delivery_key* request,
                                                        const lineside_call_options* options, lineside_delivery** out);
/// As lineside_delivery_replay, into `queue`.
LINESIDE_C_API lineside_error* lineside_delivery_replay_async(lineside_portal* portal,
                                                              const lineside_delivery_key* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_delivery_free(lineside_delivery* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_delivery_take(lineside_completion* completion, lineside_delivery** out);

// ---- What happened

/// What became of it.
enum lineside_access_outcome {
    LINESIDE_ACCESS_OUTCOME_DONE = 1,
    LINESIDE_ACCESS_OUTCOME_REFUSED,
};
/// "done" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_access_outcome_name(int32_t value);

/// Somebody did something, or was refused. Entries of an account are numbered from 1 and chained: each hash covers the
/// entry and the hash before it, so that none can be changed, removed or inserted without breaking what follows.
typedef struct lineside_access_entry {
    uint64_t number;
    int64_t at;
    const char* account;    ///< empty in the operator's own log
    const char* who;        ///< "operator", "contact c-1", "key k-1", "nobody"
    const char* source_ip;  ///< empty: not known
    const char* user_agent; ///< control characters are escaped
    const char* action;     ///< the operation: "sign_in"
    const char* target;     ///< the id of what it was done to
    int32_t outcome;        ///< lineside_access_outcome
    const char* detail;     ///< what changed, never a secret
    const char* hash;       ///< SHA-256 in hexadecimal
} lineside_access_entry;

/// One page of a list: `next` is the cursor of the following one, empty on the last.
typedef struct lineside_access_entry_page {
    const lineside_access_entry* const* items;
    size_t items_count;
    const char* next;
} lineside_access_entry_page;

/// Whose log.
typedef struct lineside_access_log_verify_request {
    size_t struct_size;
    const char* account;
} lineside_access_log_verify_request;

/// Whether the log is what was written.
typedef struct lineside_access_log_verdict {
    const char* account;
    uint64_t entries;
    int32_t intact;
    const uint64_t* first_broken; ///< the number of the first entry that does not fit; NULL: unset
    const char* reason;           ///< where broken
    const char* head;             ///< hash of the newest entry: keep it to find a log cut short
} lineside_access_log_verdict;

/// Whose week, until when.
typedef struct lineside_review_query {
    size_t struct_size;
    const char* account;
    const int64_t* at;    ///< the seven days that end here; NULL: now. Never in the future
    const char* language; ///< BCP 47; empty: the asker's, of the operator the account's
} lineside_review_query;

/// A sign-in that stands out.
typedef struct lineside_sign_in_anomaly {
    int64_t at;
    const char* who;    ///< as the access log names it: "contact c-1"; empty: several
    const char* code;   ///< stable: "new_network", "new_program", "failed_burst", "failed_codes"
    const char* source; ///< the address, network or program; empty: not known
    const char* text;   ///< in the review's language
} lineside_sign_in_anomaly;

/// 24 hours of calls, by their start; calls in progress are left out.
typedef struct lineside_review_day {
    int64_t start;
    uint64_t attempts;
    uint64_t answered;
    const double* asr;   ///< %; NULL: no attempts, or a source does not record failed ones
    const double* acd_s; ///< NULL: none was answered
} lineside_review_day;

/// A metric that moved against the week before.
typedef struct lineside_metric_move {
    int32_t metric;          ///< lineside_metric
    const char* destination; ///< leading digits; empty: all calls
    const double* before;    ///< NULL: unset
    const double* now;       ///< NULL: unset
    uint64_t calls;          ///< of this week
} lineside_metric_move;

/// What will soon stop working.
typedef struct lineside_expiring_thing {
    const char* what; ///< "api_key"; "api_key_secret": the one before the last rotation
    const char* id;
    const char* name;
    int64_t at;
} lineside_expiring_thing;

/// One week of one account, to be read in two minutes. Each part is what the asker could look up elsewhere: it is unset
/// without the permission named beside it.
typedef struct lineside_review {
    const char* account;
    const lineside_time_range* week;
    const char* zone;     ///< the account's, of times in the page
    const char* language; ///< of texts and the page
    // view_access_log
    const uint64_t* sign_ins;                         ///< NULL: unset
    const uint64_t* failed_sign_ins;                  ///< NULL: unset
    const lineside_sign_in_anomaly* const* anomalies; ///< in order of time; at most 100; NULL: unset
    size_t anomalies_count;
    /// Of permissions, people and keys, newest first; at most 100.
    const lineside_access_entry* const* changes; ///< NULL: unset
    size_t changes_count;
    const lineside_access_log_verdict* log; ///< whether the log of all time is what was written; NULL: unset
    // view_graphs; destinations view_calls too
    const lineside_review_day* const* days; ///< 14: of the week before and of the week; NULL: unset
    size_t days_count;
    const lineside_metric_move* const* movers; ///< NULL: unset
    size_t movers_count;
    // view_alerts; and what shows the values of their area
    const lineside_alert_event* const* alerts; ///< newest first; at most 100; NULL: unset
    size_t alerts_count;
    // view_contacts
    const lineside_contact* const* unverified; ///< active ones; at most 100; NULL: unset
    size_t unverified_count;
    // manage_keys
    /// Within 30 days of the week's end, soonest first; at most 100; NULL: unset.
    const lineside_expiring_thing* const* expiring;
    size_t expiring_count;
    const char* html; ///< the same as a page that needs nothing else
} lineside_review;

/// How a length of time is rounded before it is billed: to full seconds, or to increments such as 30/6 (at least 30
/// seconds, then steps of 6).
enum lineside_duration_rounding {
    LINESIDE_DURATION_ROUNDING_EXACT = 1,
    LINESIDE_DURATION_ROUNDING_UP_TO_SECONDS,
    LINESIDE_DURATION_ROUNDING_INCREMENTS,
};
/// "exact" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_duration_rounding_name(int32_t value);

/// How a charge is rounded.
enum lineside_charge_rounding {
    LINESIDE_CHARGE_ROUNDING_EXACT = 1,
    LINESIDE_CHARGE_ROUNDING_UP,
    LINESIDE_CHARGE_ROUNDING_HALF_UP,
    LINESIDE_CHARGE_ROUNDING_DOWN,
};
/// "exact" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_charge_rounding_name(int32_t value);

/// Which calls are compared. `automatic`: all, but only the answered where one side has no others.
enum lineside_dispute_population {
    LINESIDE_DISPUTE_POPULATION_AUTOMATIC = 1,
    LINESIDE_DISPUTE_POPULATION_ALL,
    LINESIDE_DISPUTE_POPULATION_ANSWERED,
};
/// "automatic" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_dispute_population_name(int32_t value);

/// How a call differs.
enum lineside_difference_class {
    LINESIDE_DIFFERENCE_CLASS_MISSING_IN_OURS = 1,
    LINESIDE_DIFFERENCE_CLASS_MISSING_IN_THEIRS,
    LINESIDE_DIFFERENCE_CLASS_LENGTH, ///< the charge, where it differs, only follows the billed time
    LINESIDE_DIFFERENCE_CLASS_RATING,
    LINESIDE_DIFFERENCE_CLASS_LENGTH_AND_RATING,
    LINESIDE_DIFFERENCE_CLASS_ROUNDING, ///< explained by the tolerance
};
/// "missing_in_ours" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_difference_class_name(int32_t value);

/// One side of a comparison: a stream of records, or the stored calls of the account whose dispute it is.
typedef struct lineside_dispute_side {
    size_t struct_size;
    /// Read as an import reads it, with its format, zone, fields, mode and `on_rejected`; nothing is stored. Where it
    /// names neither `account` nor `account_from`, records need not say whose they are. Unset: the stored calls.
    const lineside_record_import_request* records; ///< NULL: unset
    const char* only_account; ///< of the records only those that say they are this account's; empty: all
    const char* name;         ///< what the report calls this side; default: the input's name, or "stored calls"
} lineside_dispute_side;

/// What differences are only rounding.
typedef struct lineside_dispute_tolerance {
    size_t struct_size;
    /// Between the starts of one call on both sides, once the clocks agree. 0 to an hour.
    const int64_t* start_ms;         ///< NULL: 10 seconds
    int64_t length_ms;               ///< of billed time
    int32_t rounding;                ///< lineside_duration_rounding; default: LINESIDE_DURATION_ROUNDING_EXACT
    uint32_t first_increment_s;      ///< of `increments`: 30/6 is 30 ... 1 to 3,600; default: 60
    uint32_t next_increment_s;       ///< and 6. 1 to 3,600; default: 60
    const lineside_money* charge;    ///< of one call; its currency is not looked at
    int32_t charge_mode;             ///< lineside_charge_rounding; default: LINESIDE_CHARGE_ROUNDING_EXACT
    const uint32_t* charge_decimals; ///< of `charge_mode`: 0 to 9; NULL: 4
} lineside_dispute_tolerance;

/// Two sets of calls and what counts as the same.
typedef struct lineside_call_compare_request {
    size_t struct_size;
    const char* account; ///< whose dispute it is; an operator may leave it empty where no side is stored
    const lineside_dispute_side* ours;
    const lineside_dispute_side* theirs;
    const lineside_time_range* range; ///< of our starts; NULL: all
    int32_t population;               ///< lineside_dispute_population; default: LINESIDE_DISPUTE_POPULATION_AUTOMATIC
    const lineside_dispute_tolerance* tolerance;
    const uint32_t* limit;   ///< how many differing calls to name in the report, 0 to 10,000; NULL: 100
    int32_t evidence_format; ///< lineside_export_format; default: LINESIDE_EXPORT_FORMAT_CSV
    int32_t evidence_safety; ///< lineside_cell_safety; default: LINESIDE_CELL_SAFETY_FORMULA_SAFE
    // Where every differing call is written to: one of these three, or nowhere.
    const char* evidence_path;              ///< a file, made or written anew
    const int32_t* evidence_descriptor;     ///< a file, pipe or socket that blocks; not closed
    lineside_write_callback write_evidence; ///< blocking form, on the calling thread
    lineside_progress_callback on_progress; ///< blocking form, on the calling thread; both inputs in one
    void* context;                          ///< of the two callbacks
    int32_t report_progress;                ///< `_async`: as completions
} lineside_call_compare_request;

/// What was read of one side.
typedef struct lineside_dispute_input {
    const char* name;
    int32_t format;       ///< `detect`: stored calls; lineside_record_format
    const char* evidence; ///< why that format
    uint64_t read;        ///< rows; of stored calls: calls
    uint64_t rejected;
    uint64_t folded;          ///< rows that were further legs or retries of a call
    uint64_t other_account;   ///< calls of other accounts than `only_account`
    uint64_t not_compared;    ///< calls in progress, out of range, or not answered where only answered ones count
    const char* const* notes; ///< what the reader assumed
    size_t notes_count;
} lineside_dispute_input;

/// What one side has.
typedef struct lineside_dispute_totals {
    uint64_t calls;
    uint64_t answered;
    int64_t talk_ms;
    int64_t billed_ms;            ///< talk time of calls that do not report it
    const lineside_money* charge; ///< NULL: no call of this side reports one
} lineside_dispute_totals;

/// Ours less theirs.
typedef struct lineside_dispute_amount {
    int64_t calls;
    int64_t billed_ms;
    const lineside_money* charge; ///< NULL: not reported on both sides, so not compared
} lineside_dispute_amount;

/// The calls of one class.
typedef struct lineside_dispute_class_total {
    int32_t kind;     ///< lineside_difference_class
    const char* rule; ///< of `rounding`: the rule that explains it, "60/60 s"
    uint64_t count;
    const lineside_dispute_amount* amount;
} lineside_dispute_class_total;

/// A day or an hour, UTC. A call on both sides counts in the period of our start, one that is only theirs in that of
/// its start by our clock; so the classes add up exactly to the difference, and the difference is ours less theirs.
typedef struct lineside_dispute_period {
    int64_t start;
    const lineside_dispute_totals* ours;
    const lineside_dispute_totals* theirs;
    const lineside_dispute_amount* difference;
    const lineside_dispute_class_total* const* classes;
    size_t classes_count;
} lineside_dispute_period;

/// A call that differs, as far as it was compared.
typedef struct lineside_dispute_call {
    int32_t kind;                ///< lineside_difference_class
    const lineside_call* ours;   ///< NULL: unset
    const lineside_call* theirs; ///< NULL: unset
    const lineside_dispute_amount* amount;
    const char* text; ///< what differs, in words
} lineside_dispute_call;

/// How two sets of calls differ: total, day, hour, call. On each level the classes add up exactly to ours less theirs.
typedef struct lineside_dispute_report {
    const char* account;
    const lineside_dispute_input* our_input;
    const lineside_dispute_input* their_input;
    const lineside_dispute_totals* ours;
    const lineside_dispute_totals* theirs;
    const lineside_dispute_amount* difference;
    uint64_t matched;       ///< calls on both sides
    uint64_t matched_by_id; ///< of those, with the same call id
    int64_t zone_shift_ms;  ///< theirs less ours: whole quarter hours, as of a zone that was not stated
    int64_t clock_skew_ms;  ///< theirs less ours beyond that: the median of the matched calls
    const lineside_dispute_class_total* const* classes;
    size_t classes_count;
    const lineside_dispute_period* const* days; ///< those with calls
    size_t days_count;
    /// Those that differ; of more than 2,000 the worst, in the order of time.
    const lineside_dispute_period* const* hours;
    size_t hours_count;
    uint64_t differing_hours;
    const lineside_dispute_call* const* calls; ///< the first `limit` that differ, in the order of time
    size_t calls_count;
    uint64_t differing_calls;
    const char* const* findings; ///< patterns in words: "theirs is rounded up to 60/60 s"
    size_t findings_count;
} lineside_dispute_report;

/// Who did what to an account, newest first. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_access_log_list(lineside_portal* portal,
                                                        const lineside_access_log_query* request,
                                                        const lineside_call_options* options,
                                                        lineside_access_entry_page** out);
/// As lineside_access_log_list, into `queue`.
LINESIDE_C_API lineside_error* lineside_access_log_list_async(lineside_portal* portal,
                                                              const lineside_access_log_query* request,
                                                              const lineside_call_options* options,
                                                              lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_access_entry_page_free(lineside_access_entry_page* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_access_entry_page_take(lineside_completion* completion,
                                                               lineside_access_entry_page** out);

/// Follows the chain of hashes from the first entry. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_access_log_verify(lineside_portal* portal,
                                                          const lineside_access_log_verify_request* request,
                                                          const lineside_call_options* options,
                                                          lineside_access_log_verdict** out);
/// As lineside_access_log_verify, into `queue`.
LINESIDE_C_API lineside_error* lineside_access_log_verify_async(lineside_portal* portal,
                                                                const lineside_access_log_verify_request* request,
                                                                const lineside_call_options* options,
                                                                lineside_queue* queue, uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_access_log_verdict_free(lineside_access_log_verdict* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_access_log_verdict_take(lineside_completion* completion,
                                                                lineside_access_log_verdict** out);

/// The week of an account as data and as a page. Errors: not_found.
LINESIDE_C_API lineside_error* lineside_review_get(lineside_portal* portal, const lineside_review_query* request,
                                                   const lineside_call_options* options, lineside_review** out);
/// As lineside_review_get, into `queue`.
LINESIDE_C_API lineside_error* lineside_review_get_async(lineside_portal* portal, const lineside_review_query* request,
                                                         const lineside_call_options* options, lineside_queue* queue,
                                                         uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_review_free(lineside_review* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_review_take(lineside_completion* completion, lineside_review** out);

/// Compares two sets of calls down to the call. Errors: not_found, invalid_argument, unavailable (the evidence could
/// not be written).
LINESIDE_C_API lineside_error* lineside_call_compare(lineside_portal* portal,
                                                     const lineside_call_compare_request* request,
                                                     const lineside_call_options* options,
                                                     lineside_dispute_report** out);
/// As lineside_call_compare, into `queue`.
LINESIDE_C_API lineside_error* lineside_call_compare_async(lineside_portal* portal,
                                                           const lineside_call_compare_request* request,
                                                           const lineside_call_options* options, lineside_queue* queue,
                                                           uint64_t tag);

/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_dispute_report_free(lineside_dispute_report* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_dispute_report_take(lineside_completion* completion,
                                                            lineside_dispute_report** out);

// ---- Watching

/// What can be watched. Each needs the permission of the operation that shows the same.
enum lineside_watch_topic {
    LINESIDE_WATCH_TOPIC_CHANNELS = 1, ///< as get_channels
    LINESIDE_WATCH_TOPIC_LIVE_CALLS,   ///< as list_live_calls with ghosts, the oldest 5,000
    LINESIDE_WATCH_TOPIC_BALANCE,      ///< as get_balance
    LINESIDE_WATCH_TOPIC_ALERTS,       ///< as list_alert_events
    LINESIDE_WATCH_TOPIC_SUMMARY,      ///< the hours of query_summary
    LINESIDE_WATCH_TOPIC_DASHBOARD,    ///< as get_layout and get_checklist
};
/// "channels" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_watch_topic_name(int32_t value);

/// How an update stands to those before.
enum lineside_watch_kind {
    LINESIDE_WATCH_KIND_SNAPSHOT =
        1,                      ///< the whole: what was known before is void. Of alerts: events follow from here on
    LINESIDE_WATCH_KIND_CHANGE, ///< live calls and summary: what changed since; the others: the whole, anew
    LINESIDE_WATCH_KIND_EVENT,
    /// A snapshot that does not follow from the position to resume at: that is another engine's, or what lies between
    /// is no longer kept.
    LINESIDE_WATCH_KIND_RESYNC,
};
/// "snapshot" ...; NULL: there is no such value.
LINESIDE_C_API const char* lineside_watch_kind_name(int32_t value);

/// What is to be watched.
typedef struct lineside_watch_request {
    size_t struct_size;
    const char* account;
    const char* contact;   ///< for the operator: whose dashboard
    const int32_t* topics; ///< lineside_watch_topic
    size_t topics_count;
    /// The position of the last update that was handled; empty: from the present on.
    const char* resume;
} lineside_watch_request;

/// What tells a live call from all others.
typedef struct lineside_live_call_key {
    const char* source;
    const char* call_id;
    const char* branch;
} lineside_live_call_key;

/// Live calls, or how they changed.
typedef struct lineside_live_call_changes {
    const lineside_live_call* const* calls; ///< of a snapshot: all, oldest first; else those that are new or changed
    size_t calls_count;
    const lineside_live_call_key* const* ended; ///< those that are no longer among them
    size_t ended_count;
    int32_t more; ///< there are younger ones than those that are shown
} lineside_live_call_changes;

/// Hours of the Summary, or how they changed.
typedef struct lineside_summary_changes {
    const lineside_summary_row* const* rows; ///< of a snapshot: all, in order; else those that are new or changed
    size_t rows_count;
    const int64_t* gone; ///< starts of those that are out of the range
    size_t gone_count;
} lineside_summary_changes;

/// How a contact's dashboard is arranged, and what waits for the contact.
typedef struct lineside_dashboard {
    const lineside_layout* layout;
    const lineside_checklist* checklist;
} lineside_dashboard;

/// Something that was not so before. The member of its topic is set; of alerts only in an `event`.
typedef struct lineside_watch_update {
    int32_t topic; ///< lineside_watch_topic
    int32_t kind;  ///< lineside_watch_kind
    /// Opaque, of the whole watch: what to resume after once this is handled.
    const char* position;
    int64_t at;                                   ///< when it was so
    const lineside_channel_status* channels;      ///< NULL: unset
    const lineside_live_call_changes* live_calls; ///< NULL: unset
    const lineside_balance* balance;              ///< NULL: unset
    const lineside_alert_event* alert;            ///< NULL: unset
    const lineside_summary_changes* summary;      ///< NULL: unset
    const lineside_dashboard* dashboard;          ///< NULL: unset
} lineside_watch_update;

/// A stream of what changes: first a snapshot of each topic, then one update after another. It keeps no queue: of
/// channels, balance and dashboard a slow reader gets the newest value; of live calls and the Summary each change, or a
/// snapshot when too many of them passed by; of alerts every event, once. Whoever was cut off goes on with a new watch
/// at the position of the last update it handled. Asks nothing yet: its first read does, and then says what is wrong.
LINESIDE_C_API lineside_error* lineside_watch_open(lineside_portal* portal, const lineside_watch_request* request,
                                                   lineside_watch** out);

/// Waits for the next update. What was cancelled or timed out lost nothing: the next call gives the same update.
/// Errors, after which it stays ended: unauthenticated, permission_denied, not_found, invalid_argument (the request),
/// exhausted (too many watches), unavailable (the engine is closed), cancelled (it was closed). Another one: conflict
/// (a read is pending).
LINESIDE_C_API lineside_error* lineside_watch_next(lineside_watch* watch, const lineside_call_options* options,
                                                   lineside_watch_update** out);
/// As lineside_watch_next, into `queue`.
LINESIDE_C_API lineside_error* lineside_watch_next_async(lineside_watch* watch, const lineside_call_options* options,
                                                         lineside_queue* queue, uint64_t tag);
/// Frees it whole; NULL is nothing.
LINESIDE_C_API void lineside_watch_update_free(lineside_watch_update* value);
/// The answer of a completion, as the blocking form would have given it. Errors: invalid_argument (it has another).
LINESIDE_C_API lineside_error* lineside_watch_update_take(lineside_completion* completion, lineside_watch_update** out);

/// Ends it; a read that is pending fails with `cancelled`. A second time does nothing. NULL is nothing.
LINESIDE_C_API void lineside_watch_close(lineside_watch* watch);
/// Closes it, too.
LINESIDE_C_API void lineside_watch_free(lineside_watch* watch);

/// The live calls that are `known`, brought up to date: all of them in `calls`, in the order of their starts, then of
/// their keys, and none in `ended`. NULL knows none yet. An update of another topic changes nothing. Errors:
/// invalid_argument.
LINESIDE_C_API lineside_error* lineside_live_call_changes_apply(const lineside_live_call_changes* known,
                                                                const lineside_watch_update* update,
                                                                lineside_live_call_changes** out);
/// Frees it whole; NULL is nothing. Of what lineside_live_call_changes_apply gave, not of what is in an update.
LINESIDE_C_API void lineside_live_call_changes_free(lineside_live_call_changes* value);

/// The Summary's hours that are `known`, brought up to date: all of them in `rows`, in order, and none in `gone`. NULL
/// knows none yet. An update of another topic changes nothing. Errors: invalid_argument.
LINESIDE_C_API lineside_error* lineside_summary_changes_apply(const lineside_summary_changes* known,
                                                              const lineside_watch_update* update,
                                                              lineside_summary_changes** out);
/// Frees it whole; NULL is nothing. Of what lineside_summary_changes_apply gave, not of what is in an update.
LINESIDE_C_API void lineside_summary_changes_free(lineside_summary_changes* value);

// ---- Serving

/// Whether an update needs `If-Match`.
enum lineside_preconditions {
    LINESIDE_PRECONDITIONS_OPTIONAL = 1,
    LINESIDE_PRECONDITIONS_REQUIRED ///< an update without it is answered 428
};

/// TLS of a server: 1.2 or newer.
typedef struct lineside_server_tls {
    size_t struct_size;
    const char* certificate_file; ///< PEM, the chain
    const char* key_file;         ///< PEM
    const char* client_ca_file;   ///< PEM; then every client needs a certificate from it
} lineside_server_tls;

/// What a server puts up with. Beyond it clients are told so: 408, 413, 414, 429, 431, 503.
typedef struct lineside_server_limits {
    size_t struct_size;
    size_t connections;            ///< default: 10,000
    size_t connections_of_address; ///< IPv6 by /64; default: 1,000
    size_t header_bytes;           ///< 100 fields, 8 KB of target; default: 16 KiB
    size_t json_bytes;             ///< of a request's JSON; default: 1 MiB
    size_t batch_bytes;            ///< and of one of calls, events or extensions; default: 64 MiB
    uint64_t upload_bytes;         ///< of an upload of call records; default: 64 GiB
    size_t streams;                ///< uploads, exports and comparisons at a time, a thread each; 1 to 64; default: 4
    size_t watchers;               ///< live streams at a time; default: 20,000
    /// Requests of one credential, or of an address without one: so many at once, and so many a second after that.
    uint32_t request_burst;       ///< default: 2,000
    uint32_t requests_per_second; ///< default: 500
    int64_t handshake;            ///< default: 10 seconds
    int64_t header;               ///< default: 10 seconds
    int64_t idle;                 ///< default: 60 seconds
    int64_t write_stall;          ///< default: 30 seconds
    int64_t socket_idle;          ///< of a web socket; default: 60 seconds
    int64_t operation;            ///< of one that is no stream; then 504; default: 60 seconds
} lineside_server_limits;

/// A server. Everything has a default.
typedef struct lineside_server_options {
    size_t struct_size;
    const char* listen;             ///< ADDRESS:PORT, [IPv6]:PORT; port 0 is one that is free; default: 127.0.0.1:0
    const lineside_server_tls* tls; ///< NULL: plain HTTP
    int32_t plain;     ///< lineside_plain_http; where there is no `tls`; default: LINESIDE_PLAIN_HTTP_TO_LOOPBACK
    const char* admin; ///< health, readiness and metrics, in plain HTTP on an address of its own; empty: not served
    const char* web_directory; ///< files served below `/`; empty: none
    size_t threads;            ///< that serve connections; 1 to 64; default: 1
    const lineside_server_limits* limits;
    const char* operator_token; ///< whoever shows it gets the portal as it was given; at least 32 bytes; empty: nobody
    /// Addresses and networks (CIDR) whose `X-Forwarded-For`, and whose word on where a sign-in comes from, count.
    const char* const* trusted_proxies;
    size_t trusted_proxies_count;
    /// Origins of other sites whose pages may use this server: "https://portal.partner.example". Exact.
    const char* const* allowed_origins;
    size_t allowed_origins_count;
    int32_t updates; ///< lineside_preconditions; default: LINESIDE_PRECONDITIONS_OPTIONAL
    /// After each request, on a thread of the server; must not block.
    void (*log)(void* context, const lineside_served_request* request);
    void* context; ///< of the callback
    /// Where requests go as data, LINESIDE_COMPLETION_SERVED_REQUEST; NULL: nowhere. At most 10,000 wait, further ones
    /// are lost. It may be freed before the server.
    lineside_queue* log_queue;
    uint64_t log_tag;
} lineside_server_options;

/// Puts a portal on HTTP and WebSocket: any portal, so a server over a client is a proxy. Serves on threads of its own
/// from here on, and keeps the portal open. Errors: invalid_argument (options, certificate, key), unavailable (the
/// address is in use).
LINESIDE_C_API lineside_error* lineside_server_start(lineside_portal* portal, const lineside_server_options* options,
                                                     lineside_server** out);
/// Ends every connection at once.
LINESIDE_C_API void lineside_server_free(lineside_server* server);
/// 0: `server` is NULL.
LINESIDE_C_API uint16_t lineside_server_port(const lineside_server* server);
/// 0: there is none.
LINESIDE_C_API uint16_t lineside_server_admin_port(const lineside_server* server);
/// "https://127.0.0.1:8443", with the host it listens on; "": `server` is NULL.
LINESIDE_C_API const char* lineside_server_url(const lineside_server* server);
/// Accepts no more, lets requests that are being answered finish for `grace_ms` (0: 10 seconds), then ends them. Waits
/// for that. Once; `/readyz` says no from its beginning.
LINESIDE_C_API lineside_error* lineside_server_drain(lineside_server* server, int64_t grace_ms);
/// Reads certificate and key again. Errors: invalid_argument; then the old ones stay.
LINESIDE_C_API lineside_error* lineside_server_reload_certificate(lineside_server* server);

// ---- Webhooks' receivers and senders

/// Whether a receiver's signing secret made one of the signatures, of exactly this body, and not long ago; writes when
/// it was sent. `id`, `timestamp` and `signature` are the headers webhook-id, webhook-timestamp and webhook-signature.
/// `tolerance_ms`: how far that may lie from `now`; 0: 5 minutes. Errors: unauthenticated (act as if nothing had come),
/// invalid_argument (the secret is none).
LINESIDE_C_API lineside_error* lineside_webhook_verify(const char* secret, const char* id, const char* timestamp,
                                                       const char* signature, const char* body, size_t body_size,
                                                       int64_t now, int64_t tolerance_ms, int64_t* sent_at);

/// Signs a body as a webhook is signed: for senders, and for tests of a receiver. Writes the header webhook-signature,
/// to be freed with lineside_text_free; webhook-id is `id`, and webhook-timestamp `at` in whole seconds since 1970.
/// Errors: invalid_argument (the secret is none; the id is empty or has a full stop).
LINESIDE_C_API lineside_error* lineside_webhook_sign(const char* secret, const char* id, int64_t at, const char* body,
                                                     size_t body_size, char** out);

#ifdef __cplusplus
}
#endif

#endif
