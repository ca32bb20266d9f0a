package dev.paymaster.system.house;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules by their packages, and who may depend on whom, as in the table of docs' architecture. */
final class Modules {
    static final String ROOT = "dev.paymaster.";

    static final String EVENTS = ROOT + "events";
    static final String MESSAGING = ROOT + "messaging";
    static final String LEDGER = ROOT + "ledger";
    static final String CREDIT = ROOT + "credit";
    static final String JOB = ROOT + "job";
    static final String PAYOUT = ROOT + "payout";
    static final String GATEWAY = ROOT + "gateway";
    static final String SANDBOX = ROOT + "stripesandbox";
    static final String EMBEDDED = ROOT + "embedded";
    static final String STANDALONE = ROOT + "standalone";

    static final Map<String, Set<String>> MAY_USE = Map.of(
            EVENTS, Set.of(),
            MESSAGING, Set.of(EVENTS),
            LEDGER, Set.of(EVENTS),
            CREDIT, Set.of(EVENTS, MESSAGING, LEDGER),
            JOB, Set.of(EVENTS, MESSAGING, LEDGER),
            PAYOUT, Set.of(EVENTS, MESSAGING),
            GATEWAY, Set.of(EVENTS, MESSAGING),
            SANDBOX, Set.of(),
            EMBEDDED, Set.of(),
            STANDALONE, Set.of(EVENTS, MESSAGING, LEDGER, CREDIT, JOB, PAYOUT, GATEWAY, SANDBOX, EMBEDDED));

    /** The only packages that know Stripe's client: adapters, behind which its types stop. */
    static final List<String> STRIPE_ADAPTERS = List.of(
            GATEWAY + ".stripe",
            GATEWAY + ".checkout",
            GATEWAY + ".connect",
            PAYOUT + ".stripe",
            CREDIT + ".stripe.client");

    /** Packages, and classes in mixed packages, that decide about money and jobs without any outside. */
    static final List<String> PURE_PACKAGES = List.of(
            JOB + ".lifecycle",
            CREDIT + ".invoice",
            CREDIT + ".reversal",
            CREDIT + ".topup",
            PAYOUT + ".obligation",
            PAYOUT + ".recovery");

    static final List<String> PURE_CLASSES = List.of(
            LEDGER + ".Account",
            LEDGER + ".Book",
            LEDGER + ".Cause",
            LEDGER + ".Decisions",
            LEDGER + ".Grant",
            LEDGER + ".Hold",
            LEDGER + ".HoldDecision",
            LEDGER + ".HoldResult",
            LEDGER + ".Lot",
            LEDGER + ".LowBalances",
            LEDGER + ".Posting",
            LEDGER + ".Transfer",
            LEDGER + ".TransferKind");

    /** What the pure ones have no business with. */
    static final String[] OUTSIDE = {
        "org.springframework..",
        "org.apache.kafka..",
        "com.stripe..",
        "io.github.resilience4j..",
        "io.micrometer..",
        "io.r2dbc..",
        "reactor..",
        "org.slf4j..",
        "java.sql..",
        "javax.sql..",
        "java.io..",
        "java.net..",
        "java.nio.file..",
        "java.util.concurrent.."
    };

    private Modules() {}
}
