package dev.paymaster.system.bench;

import java.nio.charset.StandardCharsets;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The reference of ingest: reads the whole body and answers. */
final class PlainWebhook {
    /** What makes a request one for the reference; everything else about it is the same. */
    static final String HEADER = "X-Plain";

    private static final byte[] RECEIVED = "{\"received\":true}".getBytes(StandardCharsets.US_ASCII);

    public Mono<Void> receive(ServerWebExchange exchange) {
        return DataBufferUtils.join(exchange.getRequest().getBody()).flatMap(body -> {
            read(body);
            return answer(exchange.getResponse());
        });
    }

    private static void read(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
    }

    private static Mono<Void> answer(ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        response.getHeaders().setContentLength(RECEIVED.length);
        return response.writeWith(
                Mono.fromSupplier(() -> response.bufferFactory().wrap(RECEIVED)));
    }
}
