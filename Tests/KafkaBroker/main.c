// A Kafka cluster for tests and benchmarks: librdkafka's mock, which speaks the real protocol over TCP. It keeps some
// 5 MB a partition and nothing when it ends, knows no transactions, and needs no disk.
//
// usage: KafkaBroker BROKERS [TOPIC:PARTITIONS]...    prints the bootstrap servers, and ends when stdin closes
// The lines "down" and "up" on stdin take all brokers away and bring them back.
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, const char *reason) {
    fprintf(stderr, "%s: %s\n", what, reason);
    return 1;
}

int main(int count, char **arguments) {
    if (count < 2 || atoi(arguments[1]) < 1) return fail("usage", "KafkaBroker BROKERS [TOPIC:PARTITIONS]...");
    char reason[512];
    rd_kafka_conf_t *configuration = rd_kafka_conf_new();
    rd_kafka_conf_set(configuration, "log_level", "3", reason, sizeof reason);
    rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, reason, sizeof reason);
    if (!client) return fail("client", reason);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(client, atoi(arguments[1]));
    if (!cluster) return fail("cluster", "cannot be made");
    for (int index = 2; index < count; index++) {
        char *colon = strrchr(arguments[index], ':');
        int partitions = colon ? atoi(colon + 1) : 0;
        if (partitions < 1) return fail(arguments[index], "accepted is TOPIC:PARTITIONS");
        *colon = 0;
        rd_kafka_resp_err_t error = rd_kafka_mock_topic_create(cluster, arguments[index], partitions, 1);
        if (error) return fail(arguments[index], rd_kafka_err2str(error));
    }
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    char line[16];
    while (fgets(line, sizeof line, stdin)) {
        for (int broker = 1; broker <= atoi(arguments[1]); broker++) {
            if (!strcmp(line, "down\n")) rd_kafka_mock_broker_set_down(cluster, broker);
            if (!strcmp(line, "up\n")) rd_kafka_mock_broker_set_up(cluster, broker);
        }
    }
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(client);
    return 0;
}
