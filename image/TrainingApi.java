import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Stands in for an API server while an AOT cache is trained, so that a process also runs the code that it uses in a cluster: it lists the objects that it is given,
 * gives back whatever is written, keeps nothing and holds watches open. Nothing is proved with it; that is what the tests on a real API server are for.
 *
 * <p>Arguments: a free port of loopback, and a folder with lists in JSON, each named by the plural of its kind ({@code endpointslices.json}).
 */
class TrainingApi {
    public static void main(String[] args) throws Exception {
        var lists = Path.of(args[1]);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> answer(exchange, lists));
        server.start();
    }

    private static void answer(HttpExchange exchange, Path lists) throws java.io.IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        var query = exchange.getRequestURI().getQuery();
        if (query != null && query.contains("watch=true")) {
            // 200 to a WebSocket's upgrade makes the client ask again without one; that answer then never ends.
            exchange.sendResponseHeaders(200, exchange.getRequestHeaders().containsKey("Upgrade") ? -1 : 0);
            return;
        }
        // /api/v1/namespaces/default/pods/name, /apis/apps/v1/deployments: what is left is the kind, and the name where one object is meant
        var path = exchange.getRequestURI().getPath().replaceFirst("^/apis?(/[a-z0-9.]+)?/v[a-z0-9]+(/namespaces/[^/]+(?=/))?/", "");
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                var list = lists.resolve(path + ".json");
                if (path.equals("/version")) {
                    send(exchange, 200, "{\"major\":\"1\",\"minor\":\"34\",\"gitVersion\":\"v1.34.0\"}");
                } else if (path.contains("/")) {
                    send(exchange, 404, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}");
                } else {
                    send(exchange, 200, Files.exists(list) ? Files.readString(list) : "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}");
                }
            }
            case "DELETE" -> send(exchange, 200, "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
            default -> send(exchange, 200, body.replaceFirst("\"metadata\" *: *\\{", "\"metadata\":{\"uid\":\"00000000-0000-0000-0000-000000000001\",\"resourceVersion\":\"1\","));
        }
    }

    private static void send(HttpExchange exchange, int status, String json) throws java.io.IOException {
        var bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
