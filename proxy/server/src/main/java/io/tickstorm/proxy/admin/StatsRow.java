package io.tickstorm.proxy.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One line of HAProxy's statistics. */
final class StatsRow {
    private static final String NAMES = """
            pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,\
            chkfail,chkdown,lastchg,downtime,qlimit,pid,iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,\
            check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,hanafail,req_rate,req_rate_max,\
            req_tot,cli_abrt,srv_abrt,comp_in,comp_out,comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,\
            agent_status,agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,check_health,agent_rise,agent_fall,\
            agent_health,addr,cookie,mode,algo,conn_rate,conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,\
            cache_lookups,cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,idle_conn_cur,safe_conn_cur,\
            used_conn_cur,need_conn_est,uweight,agg_server_status,agg_server_check_status,agg_check_status,-,ssl_sess,\
            ssl_reused_sess,ssl_failed_handshake,h2_headers_rcvd,h2_data_rcvd,h2_settings_rcvd,h2_rst_stream_rcvd,h2_goaway_rcvd,\
            h2_detected_conn_protocol_errors,h2_detected_strm_protocol_errors,h2_rst_stream_resp,h2_goaway_resp,\
            h2_open_connections,h2_backend_open_streams,h2_total_connections,h2_backend_total_streams,h1_open_connections,\
            h1_open_streams,h1_total_connections,h1_total_streams,h1_bytes_in,h1_bytes_out,h1_spliced_bytes_in,\
            h1_spliced_bytes_out,""";

    /** As HAProxy 2.6 writes it; later ones insert at the end of the part before the minus sign. */
    static final String HEADER = "# " + NAMES + "\n";

    private static final List<String> COLUMNS = List.of(NAMES.split(","));

    private final Map<String, Object> values = new HashMap<>();

    /** @throws IllegalArgumentException if there is no such column */
    StatsRow put(String column, Object value) {
        if (!COLUMNS.contains(column)) {
            throw new IllegalArgumentException("column: " + column + " (expected: one of HAProxy's)");
        }
        values.put(column, value instanceof Double rate ? Math.round(rate) : value);
        return this;
    }

    /** What stands between two modules' columns is a minus sign, in each line. */
    void write(StringBuilder text) {
        values.put("-", "-");
        COLUMNS.forEach(column -> text.append(quoted(String.valueOf(values.getOrDefault(column, ""))))
                .append(','));
        text.append('\n');
    }

    private static String quoted(String value) {
        return value.chars().anyMatch(letter -> letter == ',' || letter == '"' || letter == '\n')
                ? '"' + value.replace("\"", "\"\"") + '"'
                : value;
    }
}
