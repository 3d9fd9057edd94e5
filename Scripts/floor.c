// The floor under GET /prediction: libmicrohttpd answering a constant, with no routing, no parsing and no model.
// usage: floor PORT THREADS
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char answer[] = "{\"Weight\":3.6789,\"ModelTime\":\"2021-06-02 07:48:52\"}";

static enum MHD_Result handle(
    void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *data, size_t *size, void **request) {
    (void)context, (void)url, (void)method, (void)version, (void)data, (void)size;
    // An answer queued on the first call would close the connection.
    if (*request == NULL) {
        *request = connection;
        return MHD_YES;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(answer), (void *)answer, MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result queued = MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    unsigned threads = (unsigned)atoi(arguments[2]);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, (uint16_t)atoi(arguments[1]), NULL, NULL, handle, NULL,
        MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_LIMIT, 4096u, MHD_OPTION_END);
    if (daemon == NULL) {
        fprintf(stderr, "cannot listen on port %s\n", arguments[1]);
        return 1;
    }
    pause();
    return 0;
}
