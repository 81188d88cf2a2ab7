-- Job A by the sqlite3 shell, over the table `raw` of texts that .import has made.
CREATE TABLE calls AS
  SELECT account_id AS account, strftime('%s', start_time) * 1000 + substr(start_time, 21, 3) AS start,
         strftime('%s', end_time) * 1000 + substr(end_time, 21, 3) AS stop, answer_time <> '' AS answered,
         CAST(duration_ms AS INTEGER) AS talk_ms, CAST(dtmf_digits AS INTEGER) > 0 AS dtmf,
         CAST(round(charge * 1000000) AS INTEGER) AS charge
  FROM raw;
CREATE TABLE minutes AS
  SELECT account, start / 60000 AS start, count(*) AS attempts, sum(answered) AS answered, sum(talk_ms) AS talk_ms,
         sum(dtmf) AS dtmf_calls, sum(charge) AS charge
  FROM calls GROUP BY account, calls.start / 60000;
CREATE TABLE live AS
  WITH events AS (SELECT account, start AS t, 1 AS step FROM calls UNION ALL SELECT account, stop, -1 FROM calls),
  -- Every account ends at level 0, so one running sum serves them all.
  levels AS (
    SELECT account, t, sum(step) OVER w AS level, lead(t) OVER w AS next FROM events
    WINDOW w AS (ORDER BY account, t ROWS UNBOUNDED PRECEDING)),
  stretches AS MATERIALIZED (SELECT * FROM levels WHERE level > 0 AND next > t),
  pieces AS (
    SELECT account, t / 60000 AS start, level, next - t AS ms FROM stretches WHERE t / 60000 = (next - 1) / 60000
    UNION ALL
    SELECT account, m.value, level, min(next, (m.value + 1) * 60000) - max(t, m.value * 60000)
    FROM stretches, generate_series(t / 60000, (next - 1) / 60000) AS m WHERE t / 60000 < (next - 1) / 60000)
  SELECT account, start, max(level) AS peak, sum(level * ms) AS channel_ms FROM pieces GROUP BY 1, 2;
CREATE TABLE hours AS
  SELECT account, start / 60 AS start, sum(attempts) AS attempts, sum(answered) AS answered, sum(talk_ms) AS talk_ms,
         sum(dtmf_calls) AS dtmf_calls, sum(charge) AS charge
  FROM minutes GROUP BY account, minutes.start / 60;
CREATE TABLE days AS
  SELECT account, start / 24 AS start, sum(attempts) AS attempts, sum(answered) AS answered, sum(talk_ms) AS talk_ms,
         sum(dtmf_calls) AS dtmf_calls, sum(charge) AS charge
  FROM hours GROUP BY account, hours.start / 24;
CREATE TABLE months AS
  SELECT account, CAST(strftime('%s', start * 86400, 'unixepoch', 'start of month') AS INTEGER) AS start,
         sum(attempts) AS attempts, sum(answered) AS answered, sum(talk_ms) AS talk_ms, sum(dtmf_calls) AS dtmf_calls,
         sum(charge) AS charge
  FROM days GROUP BY account, strftime('%s', days.start * 86400, 'unixepoch', 'start of month');
