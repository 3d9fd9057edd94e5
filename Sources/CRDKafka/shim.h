#pragma once

#include <librdkafka/rdkafka.h>

// Swift imports no variadic function, and `rd_kafka_produceva` wants a union filled by hand for each argument.
//
// Copies the key and the value, and takes the headers over where it succeeds; a null key or value with length 0 is null.
static inline rd_kafka_resp_err_t tare_kafka_produce(
    rd_kafka_t *client, rd_kafka_topic_t *topic, int32_t partition, int64_t timestamp, const void *key, size_t key_length,
    const void *value, size_t value_length, rd_kafka_headers_t *headers) {
    return rd_kafka_producev(
        client, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_TIMESTAMP(timestamp),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key, key_length),
        RD_KAFKA_V_VALUE((void *)value, value_length), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
}
