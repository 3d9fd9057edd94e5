# Kafka Connect with MongoDB's connectors and Aiven's HTTP sink, all under open licences.
FROM apache/kafka:3.9.1
ARG MONGODB_CONNECTOR=1.13.0
ARG HTTP_CONNECTOR=0.9.0
USER root
ADD https://repo1.maven.org/maven2/org/mongodb/kafka/mongo-kafka-connect/${MONGODB_CONNECTOR}/mongo-kafka-connect-${MONGODB_CONNECTOR}-all.jar \
    /opt/connectors/mongodb/
ADD https://github.com/Aiven-Open/http-connector-for-apache-kafka/releases/download/v${HTTP_CONNECTOR}/http-connector-for-apache-kafka-${HTTP_CONNECTOR}.zip \
    /tmp/http-connector.zip
RUN unzip -q /tmp/http-connector.zip -d /opt/connectors \
    && rm /tmp/http-connector.zip \
    && chmod -R a+rX /opt/connectors
COPY connect.properties /etc/connect/connect.properties
USER appuser
EXPOSE 8083
CMD ["/opt/kafka/bin/connect-distributed.sh", "/etc/connect/connect.properties"]
