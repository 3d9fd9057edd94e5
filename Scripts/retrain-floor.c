// The floor under a training: the 50 newest documents by libmongoc, and a model's file written and synced as a model is.
// Prints the mean seconds of one round. usage: retrain-floor URI/DB.COLLECTION FOLDER ROUNDS
#include <fcntl.h>
#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void save(const char *folder, const char *text, size_t size) {
    char partial[512], whole[512];
    snprintf(partial, sizeof partial, "%s/floor.partial", folder);
    snprintf(whole, sizeof whole, "%s/floor.json", folder);
    int file = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || write(file, text, size) != (ssize_t)size || fsync(file) != 0) fail(partial);
    close(file);
    if (rename(partial, whole) != 0) fail(whole);
    int directory = open(folder, O_RDONLY | O_DIRECTORY);
    if (directory < 0 || fsync(directory) != 0) fail(folder);
    close(directory);
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    char uri[512];
    snprintf(uri, sizeof uri, "%s", arguments[1]);
    char *name = strrchr(uri, '/');
    char *collection = strchr(name, '.');
    *collection++ = '\0';
    char *database = name + 1;
    mongoc_init();
    mongoc_uri_t *parsed = mongoc_uri_new(uri);
    mongoc_client_t *client = mongoc_client_new_from_uri(parsed);
    mongoc_collection_t *rows = mongoc_client_get_collection(client, database, collection);
    bson_t *filter = bson_new();
    bson_t *options = BCON_NEW("sort", "{", "Timestamp", BCON_INT32(-1), "_id", BCON_INT32(-1), "}", "limit", BCON_INT64(50));
    static char model[2600];
    memset(model, 'x', sizeof model);
    int rounds = atoi(arguments[3]);
    double begin = now();
    for (int round = 0; round < rounds; round++) {
        mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(rows, filter, options, NULL);
        const bson_t *document;
        int found = 0;
        while (mongoc_cursor_next(cursor, &document)) found++;
        mongoc_cursor_destroy(cursor);
        if (found != 50) {
            fprintf(stderr, "%d documents\n", found);
            return 1;
        }
        save(arguments[2], model, sizeof model);
    }
    printf("%.9f\n", (now() - begin) / rounds);
    return 0;
}
