-- The recipe's pipeline, as the tutorial's page has it. Names without quotes become upper case in the topics' JSON.

SET 'auto.offset.reset' = 'earliest';

-- What was predicted: from `tare stream --roles predict --preset recipe`, or from the source connector.
CREATE STREAM IF NOT EXISTS predicted_weight (
    fish_id VARCHAR KEY,
    species VARCHAR,
    height DOUBLE,
    length DOUBLE,
    prediction DOUBLE
) WITH (KAFKA_TOPIC = 'kt.mdb.weight-prediction', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON', PARTITIONS = 1);

-- What was weighed.
CREATE STREAM IF NOT EXISTS actual_weight (
    fish_id VARCHAR KEY,
    species VARCHAR,
    weight DOUBLE
) WITH (KAFKA_TOPIC = 'kt.mdb.machine-weight', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'JSON', PARTITIONS = 1);

-- Both of one fish, a minute apart at most, and as late again.
CREATE STREAM IF NOT EXISTS diff_weight
WITH (KAFKA_TOPIC = 'diff_weight', VALUE_FORMAT = 'JSON', PARTITIONS = 1) AS
SELECT
    'key' AS key,
    p.fish_id AS fish_id,
    p.species AS species,
    p.length AS length,
    p.height AS height,
    p.prediction AS prediction,
    a.weight AS actual,
    ROUND(ABS(p.prediction - a.weight) / a.weight, 3) AS error
FROM predicted_weight p
    INNER JOIN actual_weight a WITHIN 1 MINUTE GRACE PERIOD 1 MINUTE ON p.fish_id = a.fish_id
EMIT CHANGES;

-- A minute's row whenever it changes and its mean error is too large; a tombstone when that holds no longer.
CREATE TABLE IF NOT EXISTS retrain_weight
WITH (KAFKA_TOPIC = 'retrain_weight', VALUE_FORMAT = 'JSON', PARTITIONS = 1) AS
SELECT
    key,
    COLLECT_SET(species) AS species,
    EARLIEST_BY_OFFSET(fish_id) AS fish_id_start,
    LATEST_BY_OFFSET(fish_id) AS fish_id_end,
    AVG(error) AS erroravg
FROM diff_weight
    WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 1 MINUTE)
GROUP BY key
HAVING ROUND(AVG(error), 2) > 0.15
EMIT CHANGES;
