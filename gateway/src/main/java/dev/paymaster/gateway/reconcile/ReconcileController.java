package dev.paymaster.gateway.reconcile;

import dev.paymaster.gateway.http.RepeatableCalls;
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
     * @param complete whether both lists were read to their end; otherwise the next run goes on
     * @param cursor how far they have been read
     */
    record Ran(
            long eventsSeen,
            long eventsPublished,
            long invoicesSeen,
            long invoicesPublished,
            boolean complete,
            Cursors cursor) {
        static Ran of(Reconciler.Report report) {
            return new Ran(
                    report.events().seen(),
                    report.events().published(),
                    report.invoices().seen(),
                    report.invoices().published(),
                    report.events().complete() && report.invoices().complete(),
                    new Cursors(report.events().cursor(), report.invoices().cursor()));
        }
    }

    record Cursors(Cursor events, Cursor invoices) {}

    @PostMapping("/api/admin/reconcile")
    Mono<ResponseEntity<Object>> reconcile(ServerWebExchange exchange) {
        return calls.once(exchange, Map.of(), () -> reconciler.run().map(report -> ResponseEntity.ok(Ran.of(report))));
    }
}
