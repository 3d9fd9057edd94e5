// libmicrohttpd for Swift: its variadic functions and cast macros are not imported, so each that is used has a typed
// twin here, and the compiler checks the callbacks' types.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <string.h>

/// What a daemon is started with; every field must be set.
struct tare_settings {
    /// At least 1; each thread has its own epoll set and its share of the connections.
    unsigned int threads;
    /// In bytes: holds the request's head, the answer's head, and the piece of a body that was read last.
    size_t connection_memory;
    unsigned int connections;
    MHD_AccessHandlerCallback access;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    void *(*request_line)(void *cls, const char *uri, struct MHD_Connection *connection);
    MHD_LogCallback log;
    /// A gnutls_certificate_retrieve_function2, for TLS; NULL for plain HTTP.
    void (*certificate)(void);
    /// Handed to each of the callbacks.
    void *cls;
};

/// The target is decoded by Swift, from its own reading of it.
static size_t tare_keep_escapes(void *cls, struct MHD_Connection *connection, char *text) {
    (void)cls;
    (void)connection;
    return strlen(text);
}

/// Cuts the query off a request target, once it was read, by a write to the library's receive buffer. The library would
/// go on to split it: it decodes leniently, and takes memory for each field from what the connection has for its head.
static inline void tare_hide_query(const char *_Nonnull target, size_t query_start) {
    ((char *)target)[query_start] = 0;
}

/// MHD_start_daemon: epoll, its own threads, connections are given to it and may be suspended. The header says that a
/// daemon without a listening socket has no thread pool; its code has one, and shares out what MHD_add_connection is given.
static inline struct MHD_Daemon *_Nullable tare_start_daemon(const struct tare_settings *_Nonnull s) {
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    // A pool of one is refused; a plain daemon is one thread.
    struct MHD_OptionItem more[4];
    size_t count = 0;
    if (s->threads > 1) {
        struct MHD_OptionItem pool = {MHD_OPTION_THREAD_POOL_SIZE, s->threads, NULL};
        more[count++] = pool;
    }
    if (s->certificate) {
        // TLS 1.2 and 1.3, with what GnuTLS holds to be secure.
        static char versions[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE";
        struct MHD_OptionItem priorities = {MHD_OPTION_HTTPS_PRIORITIES, 0, versions};
        struct MHD_OptionItem certificate = {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)s->certificate};
        more[count++] = priorities;
        more[count++] = certificate;
        flags |= MHD_USE_TLS;
    }
    struct MHD_OptionItem end = {MHD_OPTION_END, 0, NULL};
    more[count] = end;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, s->access, s->cls,
        MHD_OPTION_EXTERNAL_LOGGER, s->log, s->cls,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory,
        MHD_OPTION_CONNECTION_LIMIT, s->connections,
        MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->cls,
        MHD_OPTION_NOTIFY_CONNECTION, s->connection, s->cls,
        MHD_OPTION_URI_LOG_CALLBACK, s->request_line, s->cls,
        MHD_OPTION_UNESCAPE_CALLBACK, tare_keep_escapes, NULL,
        MHD_OPTION_ARRAY, more,
        MHD_OPTION_END);
}

/// The connection's socket; it is the library's to close.
static inline int tare_socket(struct MHD_Connection *_Nonnull connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/// The connection's `gnutls_session_t`, as long as the connection.
static inline void *_Nullable tare_tls_session(struct MHD_Connection *_Nonnull connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION)->tls_session;
}

/// What the connection callback stored when the connection started.
static inline void *_Nullable tare_socket_context(struct MHD_Connection *_Nonnull connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

/// The client's address, as long as the connection.
static inline const struct sockaddr *_Nullable tare_client_address(struct MHD_Connection *_Nonnull connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

/// A header field where it lies in the receive buffer, valid until the request is completed.
struct tare_field {
    const unsigned char *name;
    size_t name_size;
    const unsigned char *value;
    size_t value_size;
};

struct tare_fields {
    struct tare_field *fields;
    size_t room;
    size_t count;
};

static inline enum MHD_Result tare_collect_field(
    void *cls, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value, size_t value_size) {
    struct tare_fields *all = (struct tare_fields *)cls;
    (void)kind;
    if (all->count < all->room) {
        const char *start = value ? value : name + name_size;
        struct tare_field field = {(const unsigned char *)name, name_size, (const unsigned char *)start, value_size};
        all->fields[all->count] = field;
    }
    all->count++;
    return all->count > all->room ? MHD_NO : MHD_YES;
}

/// Writes the request's header fields in their order, and returns how many there are: more than `room` says that
/// there was no room for all.
static inline size_t tare_header_fields(
    struct MHD_Connection *_Nonnull connection, struct tare_field *_Nonnull fields, size_t room) {
    struct tare_fields all = {fields, room, 0};
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, tare_collect_field, &all);
    return all.count;
}

/// What a content reader returns besides a number of bytes; both are cast macros.
static const ssize_t tare_end_of_stream = -1;
static const ssize_t tare_end_with_error = -2;

/// An answer whose bytes are asked for, up to so many at a time, until the reader says that there are no more.
static inline struct MHD_Response *_Nullable tare_stream_response(
    MHD_ContentReaderCallback _Nonnull reader, void *_Nonnull cls,
    MHD_ContentReaderFreeCallback _Nonnull let_go) {
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, reader, cls, let_go);
}
