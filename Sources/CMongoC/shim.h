#pragma once

#include <mongoc/mongoc.h>

// Debian's libbson aligns bson_t and bson_iter_t to 128 bytes, which Swift cannot lay out: Swift sees opaque pointers
// and holds such values on the heap. What the C API expects on the caller's stack is done here.

static inline void *tare_aligned_alloc(size_t alignment, size_t size) {
    return aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

// To be called once, before anything else of this header. libbson 1.23 asks for aligned memory of sizes that are no
// multiple of the alignment, which C11 did not allow: the sanitizers end the process there.
static inline void tare_mongoc_start(void) {
    static const bson_mem_vtable_t memory = {
        .malloc = malloc, .calloc = calloc, .realloc = realloc, .free = free, .aligned_alloc = tare_aligned_alloc};
    bson_mem_set_vtable(&memory);
    mongoc_init();
}

static inline bson_iter_t *tare_bson_iter_new(void) {
    return BSON_ALIGNED_ALLOC0(bson_iter_t);
}

static inline void tare_bson_iter_free(bson_iter_t *iterator) {
    bson_free(iterator);
}

static inline const char *tare_error_message(const bson_error_t *error) {
    return error->message;
}

// Of the functions below, the reply is the caller's, to be freed with bson_destroy.

// Replaces the document that is found by `change`, or changes it by the operators or stages in it.
static inline bson_t *tare_change_one(
    mongoc_collection_t *collection, const bson_t *filter, const bson_t *change, bool replaces, bool *succeeded,
    bson_error_t *error) {
    bson_t reply;
    *succeeded = replaces ? mongoc_collection_replace_one(collection, filter, change, NULL, &reply, error)
                          : mongoc_collection_update_one(collection, filter, change, NULL, &reply, error);
    bson_t *copy = bson_copy(&reply);
    bson_destroy(&reply);
    return copy;
}

static inline bson_t *tare_insert_many(
    mongoc_collection_t *collection, const bson_t **documents, size_t count, const bson_t *options, bool *succeeded,
    bson_error_t *error) {
    bson_t reply;
    *succeeded = mongoc_collection_insert_many(collection, documents, count, options, &reply, error);
    bson_t *copy = bson_copy(&reply);
    bson_destroy(&reply);
    return copy;
}
