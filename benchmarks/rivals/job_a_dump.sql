-- What job_a.sql has made, for benchmarks/run check.
.mode csv
SELECT 'minute', account, start * 60, attempts, answered, talk_ms, dtmf_calls, charge FROM minutes;
SELECT 'hour', account, start * 3600, attempts, answered, talk_ms, dtmf_calls, charge FROM hours;
SELECT 'day', account, start * 86400, attempts, answered, talk_ms, dtmf_calls, charge FROM days;
SELECT 'month', account, start, attempts, answered, talk_ms, dtmf_calls, charge FROM months;
SELECT 'live', account, start * 60, peak, channel_ms FROM live;
