-- The article's pipeline. Names in quotes keep their case, in the topics' JSON too.

SET 'auto.offset.reset' = 'earliest';

-- What the Streams client's place writes: `tare stream --roles predict`.
CREATE STREAM IF NOT EXISTS PREDICTED_WEIGHT (
    "Fish_Id" VARCHAR KEY,
    "Species" VARCHAR,
    "Length" DOUBLE,
    "Height" DOUBLE,
    "Timestamp" VARCHAR,
    "Prediction" STRUCT<"Weight" DOUBLE, "ModelTime" VARCHAR>
) WITH (KAFKA_TOPIC = 'weight-prediction', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON', PARTITIONS = 1);

-- What the scale writes.
CREATE STREAM IF NOT EXISTS ACTUAL_WEIGHT (
    "Fish_Id" VARCHAR KEY,
    "Species" VARCHAR,
    "Weight" DOUBLE,
    "Timestamp" VARCHAR
) WITH (KAFKA_TOPIC = 'machine-weight', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON', PARTITIONS = 1);

-- The prediction and the truth of one fish. The constant column is there to group all fish by.
CREATE STREAM IF NOT EXISTS DIFF_WEIGHT
WITH (KAFKA_TOPIC = 'weight-diff', VALUE_FORMAT = 'JSON', PARTITIONS = 1) AS
SELECT
    'Key' AS "Key",
    P."Fish_Id" AS "Fish_Id",
    P."Species" AS "Species",
    P."Length" AS "Length",
    P."Height" AS "Height",
    P."Prediction"->"Weight" AS "PredictedWeight",
    A."Weight" AS "ActualWeight",
    ROUND(ABS(P."Prediction"->"Weight" - A."Weight") / A."Weight", 3) AS "Error",
    P."Prediction"->"ModelTime" AS "ModelTime",
    A."Timestamp" AS "Timestamp"
FROM PREDICTED_WEIGHT P
    INNER JOIN ACTUAL_WEIGHT A WITHIN 1 MINUTE ON P."Fish_Id" = A."Fish_Id"
EMIT CHANGES;

-- A row for each minute whose mean error is too large, once the minute is over. RETENTION is the one thing that is not
-- in the article: without it the engine (7.4.5) keeps a window for its own length, and loses its result unless a fish
-- is weighed in the very next minute.
CREATE TABLE IF NOT EXISTS RETRAIN_WEIGHT
WITH (KAFKA_TOPIC = 'weight-retrain', VALUE_FORMAT = 'JSON', PARTITIONS = 1) AS
SELECT
    "Key",
    COLLECT_SET("Species") AS "Species",
    EARLIEST_BY_OFFSET("Fish_Id") AS "Fish_Id_Start",
    LATEST_BY_OFFSET("Fish_Id") AS "Fish_Id_End",
    AVG("Error") AS "ErrorAvg"
FROM DIFF_WEIGHT
    WINDOW TUMBLING (SIZE 1 MINUTE, RETENTION 1 DAY, GRACE PERIOD 0 SECONDS)
GROUP BY "Key"
HAVING AVG("Error") > 0.15
EMIT FINAL;
