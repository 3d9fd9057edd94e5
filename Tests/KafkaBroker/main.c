// A Kafka cluster for tests and benchmarks: librdkafka's mock, which speaks the real protocol over TCP. It keeps some
// 5 MB a partition and nothing when it ends, knows no transactions, and needs no disk.
//
// usage: KafkaBroker BROKERS [TOPIC:PARTITIONS[:late]]...    prints the bootstrap servers, and ends when stdin closes
// A late topic does not exist for clients until it is shown.
// Lines on stdin:
//   down, up         take all brokers away and bring them back
//   fish FROM TO     publishes these fish, each as a record of weight-prediction and of machine-weight
//   show TOPIC       a late topic exists from now on
//   end TOPIC COUNT  prints the sum of the offsets after the last records of the topic's first COUNT partitions
#include <inttypes.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, const char *reason) {
    fprintf(stderr, "%s: %s\n", what, reason);
    return 1;
}

static rd_kafka_t *make_client(const char *brokers) {
    char reason[512];
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    rd_kafka_conf_set(configuration, "log_level", "3", reason, sizeof reason);
    // Else each lot of records waits 40 ms for an acknowledgement, and a benchmark measures that.
    rd_kafka_conf_set(configuration, "socket.nagle.disable", "true", reason, sizeof reason);
    if (brokers) rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, reason, sizeof reason);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof reason);
    if (!client) exit(fail("client", reason));
    return client;
}

static void publish(rd_kafka_t *client, const char *topic, const char *key, int64_t time, char *value) {
    while (rd_kafka_producev(client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)),
                             RD_KAFKA_V_VALUE(value, strlen(value)), RD_KAFKA_V_TIMESTAMP(time),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END) ==
           RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(client, 10);
}

// A fish every two seconds of event time, weighed ten seconds later and never far from its prediction.
static void publish_fish(rd_kafka_t *client, long from, long to) {
    for (long fish = from; fish < to; fish++) {
        int64_t time = INT64_C(1623240000000) + 2000 * (int64_t)fish;
        char key[24], value[256];
        snprintf(key, sizeof key, "%ld", fish);
        snprintf(value, sizeof value,
                 "{\"Fish_Id\":\"%ld\",\"Height\":18.74,\"Length\":86.37,\"Prediction\":{\"ModelTime\":"
                 "\"2021-06-02 07:48:52\",\"Weight\":4.49},\"Species\":\"salmon\",\"Timestamp\":null}", fish);
        publish(client, "weight-prediction", key, time, value);
        snprintf(value, sizeof value,
                 "{\"Fish_Id\":\"%ld\",\"Species\":\"salmon\",\"Weight\":4.%ld,\"Timestamp\":null}", fish, 40 + fish % 20);
        publish(client, "machine-weight", key, time + 10000, value);
    }
    rd_kafka_flush(client, 60000);
}

int main(int count, char **arguments) {
    if (count < 2 || atoi(arguments[1]) < 1) return fail("usage", "KafkaBroker BROKERS [TOPIC:PARTITIONS]...");
    rd_kafka_t *owner = make_client(NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(owner, atoi(arguments[1]));
    if (!cluster) return fail("cluster", "cannot be made");
    for (int index = 2; index < count; index++) {
        char *colon = strchr(arguments[index], ':');
        char *end = NULL;
        long partitions = colon ? strtol(colon + 1, &end, 10) : 0;
        int is_late = partitions > 0 && !strcmp(end, ":late");
        if (partitions < 1 || (*end && !is_late))
            return fail(arguments[index], "accepted is TOPIC:PARTITIONS or TOPIC:PARTITIONS:late");
        *colon = 0;
        rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(cluster, arguments[index], (int)partitions, 1);
        if (error) return fail(arguments[index], rd_kafka_err2str(error));
        if (is_late) rd_kafka_mock_topic_set_error(cluster, arguments[index], RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    }
    const char *brokers = rd_kafka_mock_cluster_bootstraps(cluster);
    rd_kafka_t *client = NULL;
    printf("%s\n", brokers);
    fflush(stdout);
    char line[256], topic[128];
    long from, to;
    while (fgets(line, sizeof line, stdin)) {
        for (int broker = 1; broker <= atoi(arguments[1]); broker++) {
            if (!strcmp(line, "down\n")) rd_kafka_mock_broker_set_down(cluster, broker);
            if (!strcmp(line, "up\n")) rd_kafka_mock_broker_set_up(cluster, broker);
        }
        if (sscanf(line, "show %127s", topic) == 1)
            rd_kafka_mock_topic_set_error(cluster, topic, RD_KAFKA_RESP_ERR_NO_ERROR);
        if (!client) client = make_client(brokers);
        if (sscanf(line, "fish %ld %ld", &from, &to) == 2) publish_fish(client, from, to);
        if (sscanf(line, "end %127s %ld", topic, &to) == 2) {
            int64_t sum = 0;
            for (long partition = 0; partition < to; partition++) {
                int64_t low = 0, high = 0;
                rd_kafka_query_watermark_offsets(client, topic, (int32_t)partition, &low, &high, 5000);
                sum += high;
            }
            printf("%" PRId64 "\n", sum);
            fflush(stdout);
        }
    }
    if (client) rd_kafka_destroy(client);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(owner);
    return 0;
}
