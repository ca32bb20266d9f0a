package dev.paymaster.system.bench;

import java.util.Map;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The reference of ingest: reads the whole body and answers. */
final class PlainWebhook {
    private static final Map<String, Boolean> RECEIVED = Map.of("received", true);

    @ResponseBody
    public Mono<Map<String, Boolean>> receive(ServerWebExchange exchange) {
        return DataBufferUtils.join(exchange.getRequest().getBody()).map(PlainWebhook::read);
    }

    private static Map<String, Boolean> read(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return RECEIVED;
    }
}
