# Job A without live channels: sums only. Takes the generated file at its word: no quotes, all times in UTC.
function add(level, start,    key) {
    key = level "," $2 "," start
    attempts[key]++
    answered[key] += $4 != ""
    talk[key] += $6
    dtmf[key] += $11 > 0
    charge[key] += $12
}
BEGIN { FS = "," }
NR > 1 {
    add("minute", substr($3, 1, 16))
    add("hour", substr($3, 1, 13))
    add("day", substr($3, 1, 10))
    add("month", substr($3, 1, 7))
}
END {
    if (dump)
        for (key in attempts)
            printf "%s,%d,%d,%d,%d,%d\n", key, attempts[key], answered[key], talk[key], dtmf[key], charge[key] * 1e6 + 0.5
}
