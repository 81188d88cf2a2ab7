#include "cdr/reader.hpp"
#include "test_paths.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace lineside {
namespace {

using cdr::detect;
using testing::HasSubstr;

record_format format_of(std::string_view head) { return detect(head).format; }

std::string fixture(const std::string& name) {
    std::ifstream file(std::string(LINESIDE_FIXTURES "/cdr/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(detect, knows_its_own_formats_with_evidence) {
    const auto csv = detect(fixture("lineside/calls.csv"));
    EXPECT_EQ(csv.format, record_format::lineside);
    EXPECT_THAT(csv.evidence, HasSubstr("call_id and start_time"));
    EXPECT_EQ(format_of(fixture("lineside/calls.ndjson")), record_format::lineside);
    EXPECT_EQ(format_of("\xEF\xBB\xBF\r\n# lineside: a comment\r\ncall_id,account_id,start_time\r\n"),
              record_format::lineside);
}

TEST(detect, tells_asterisk_by_width_and_by_where_the_times_are) {
    const auto master = detect(fixture("asterisk/master_18_columns.csv"));
    EXPECT_EQ(master.format, record_format::asterisk);
    EXPECT_THAT(master.evidence, HasSubstr("18 columns without a header, times in columns 10 to 12"));
    EXPECT_EQ(format_of(fixture("asterisk/master_21_columns.csv")), record_format::asterisk);
    const auto custom = detect(fixture("asterisk-custom/cdr_custom.csv"));
    EXPECT_EQ(custom.format, record_format::asterisk_custom);
    EXPECT_THAT(custom.evidence, HasSubstr("19 columns without a header, clid first, times in columns 9 to 11"));
    EXPECT_EQ(format_of(fixture("asterisk-custom/cdr_custom.json")), record_format::asterisk_custom);
}

TEST(detect, tells_freeswitch_csv_by_uuid_and_hangup_cause) {
    const auto shipped = detect(
        "\"Ann \"Q\" Ash\",\"1001\",\"2002\",\"default\",\"2026-03-02 09:00:00\",\"\",\"2026-03-02 09:00:20\",\"20\",\"0\","
        "\"USER_BUSY\",\"d80e22e0-4c15-11ea-97a0-9dd79410affb\",\"\", \"acme\",\"PCMU\",\"PCMU\"\n");
    EXPECT_EQ(shipped.format, record_format::freeswitch_csv);
    EXPECT_THAT(shipped.evidence, HasSubstr("a hangup cause (USER_BUSY) in column 10, a uuid in column 11"));
    EXPECT_EQ(format_of("x,1,2,default,2020/2/10 22:41,2020/2/10 22:41,2020/2/10 22:41,11,9,NORMAL_CLEARING,"
                        "d80e22e0-4c15-11ea-97a0-9dd79410affb,,1002,PCMU,PCMU"),
              record_format::freeswitch_csv);
    EXPECT_EQ(format_of("INSERT INTO cdr VALUES (\"x\",\"1\");\n"), record_format::freeswitch_csv);
}

TEST(detect, tells_freeswitch_json_even_when_the_document_is_cut) {
    EXPECT_EQ(format_of("{\n\t\"core-uuid\": \"x\",\n\t\"variables\": {\n\t\t\"uuid\": \"3da8"),
              record_format::freeswitch_json);
    EXPECT_EQ(format_of("cdr=%7B%22core-uuid%22%3A%22x%22"), record_format::freeswitch_json);
}

TEST(detect, tells_proxies_and_portals_by_their_headers) {
    EXPECT_EQ(format_of("id,start_time,end_time,duration,caller\n1,2026-03-01 00:00:00,2026-03-01 00:00:05,5.000,1\n"),
              record_format::kamailio);
    EXPECT_EQ(
        format_of("{\"method\":\"INVITE\",\"from_tag\":\"a\",\"to_tag\":\"b\",\"call_id\":\"c\",\"code\":\"200\"}\n"),
        record_format::kamailio);
    EXPECT_EQ(
        format_of("Mar  1 00:00:00 sbc kamailio[1]: start_time=1772442000; end_time=1772442010; duration=10.000;\n"),
        record_format::kamailio);
    EXPECT_EQ(
        format_of("id,method,from_tag,to_tag,callid,sip_code,sip_reason,time,duration,ms_duration,setuptime,created\n"),
        record_format::opensips);
    EXPECT_EQ(format_of("{\"jsonrpc\":\"2.0\",\"method\":\"E_ACC_CDR\",\"params\":{\"callid\":\"x\"}}\n"),
              record_format::opensips);
    EXPECT_EQ(
        format_of("ACC: created=1772442000;call_start_time=1772442003;duration=10;ms_duration=9500;setuptime=3\n"),
        record_format::opensips);
    const auto yeti = detect("Time Start,Time Connect,Time End,Success,Duration,Lega Disconnect Code\n");
    EXPECT_EQ(yeti.format, record_format::yeti);
    EXPECT_THAT(yeti.evidence, HasSubstr("Time Start"));
    EXPECT_EQ(format_of("Call ID,Call Time,Duration,Billed Duration,SIP Code\n"), record_format::connexcs);
    EXPECT_EQ(format_of("dt,callid,duration,customer_charge\n"), record_format::connexcs);
}

TEST(detect, does_not_guess) {
    for (const std::string_view head :
         {"", "\n \n", "a,b,c\n1,2,3\n", "hello", "{\"a\":1}", "[1,2]", "\"", ",,,,\n", "1;2;a=3\n"})
        EXPECT_EQ(format_of(head), record_format::detect) << head;
    EXPECT_THAT(detect("\xFF\xFE\x01").evidence, HasSubstr("UTF-16"));
    EXPECT_THAT(detect("PK\x03\x04...").evidence, HasSubstr("ZIP"));
    EXPECT_THAT(detect("").evidence, HasSubstr("no rows"));
}

} // namespace
} // namespace lineside
