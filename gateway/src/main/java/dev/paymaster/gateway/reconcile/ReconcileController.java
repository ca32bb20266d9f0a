package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.RepeatableCalls;
import dev.paymaster.gateway.reconcile.Reconciler.Report;
import dev.paymaster.gateway.reconcile.Reconciler.Swept;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Catching up with Stripe on demand. */
@RestController
final class ReconcileController {
    private final Reconciler reconciler;
    private final RepeatableCalls calls;

    ReconcileController(Reconciler reconciler, RepeatableCalls calls) {
        this.reconciler = reconciler;
        this.calls = calls;
    }

    /**
     * What a run did.
     *
     * @param complete whether all lists were read to their end; otherwise the next run goes on
     */
    record Ran(boolean complete, Map<String, Swept> lists) {
        static Ran of(Report report) {
            Map<String, Swept> lists = new LinkedHashMap<>();
            report.lists().forEach((list, swept) -> lists.put(list.column(), swept));
            return new Ran(report.complete(), lists);
        }
    }

    @PostMapping("/api/admin/reconcile")
    Mono<ResponseEntity<Object>> reconcile(ServerWebExchange exchange) {
        return calls.once(exchange, Map.of(), () -> reconciler.run().map(report -> ResponseEntity.ok(Ran.of(report))));
    }
}
