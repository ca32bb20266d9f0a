package dev.paymaster.stripesandbox.idempotency;

import dev.paymaster.stripesandbox.api.StripeRefusal;
import dev.paymaster.stripesandbox.state.Json;
import dev.paymaster.stripesandbox.state.Kind;
import dev.paymaster.stripesandbox.state.SandboxClock;
import dev.paymaster.stripesandbox.state.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The saved answers. Not thread-safe by itself: every method is called inside {@link Store#transact}. Keys that are in
 * flight are known in memory only; those of a process that died in between are free again, as after Stripe's timeout.
 */
public final class IdempotencyKeys {
    /** As long as Stripe keeps them. */
    private static final long KEPT_SECONDS = 24 * 60 * 60;
    /** Some 100 MB of answers: more calls than any test makes within a day of sandbox time. */
    private static final int MAX_KEPT = 50_000;
    /** Stripe's own limit. */
    private static final int MAX_LENGTH = 255;

    private static final JsonMapper SORTED =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private final Store store;
    private final SandboxClock clock;
    private final Set<String> inFlight = new HashSet<>();

    public IdempotencyKeys(Store store, SandboxClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * One use of a key.
     *
     * @param key as the client sent it
     * @param account the connected account in whose name the call is made: keys belong to accounts
     * @param endpoint method and path
     * @param parameters decoded; their order doesn't matter
     */
    public record Use(String key, @Nullable String account, String endpoint, ObjectNode parameters) {
        public Use {
            if (key.isEmpty() || key.length() > MAX_LENGTH) {
                throw StripeRefusal.invalid(
                        null, "Idempotency keys must have 1 to " + MAX_LENGTH + " characters.", null);
            }
        }

        private String id() {
            return account == null ? key : account + ":" + key;
        }

        private String fingerprint() {
            try {
                byte[] canonical = SORTED.writeValueAsString(parameters).getBytes(StandardCharsets.UTF_8);
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256", e);
            }
        }
    }

    /** An answer that was saved earlier. */
    public record Saved(int status, String body, String requestId) {}

    /**
     * Takes the key for one execution, or returns the answer that was saved under it.
     *
     * @return null when the caller must now execute, and then {@link #save} or {@link #release}
     * @throws StripeRefusal 409 while another request holds the key; 400 for another endpoint or other parameters
     */
    public @Nullable Saved claim(Use use) {
        ObjectNode entry = store.find(Kind.IDEMPOTENCY, use.id());
        if (entry != null && entry.required("created").longValue() + KEPT_SECONDS > clock.now()) {
            refuseOtherUse(use, entry);
            return new Saved(
                    entry.required("status").intValue(), Json.require(entry, "body"), Json.require(entry, "request"));
        }
        if (!inFlight.add(use.id())) {
            throw inUse(use.key());
        }
        return null;
    }

    /** Saves what was answered, whatever it was, and frees the key. */
    public void save(Use use, int status, String body, String requestId) {
        store.put(
                Kind.IDEMPOTENCY,
                Json.object()
                        .put("id", use.id())
                        .put("endpoint", use.endpoint())
                        .put("fingerprint", use.fingerprint())
                        .put("status", status)
                        .put("body", body)
                        .put("request", requestId)
                        .put("created", clock.now()));
        store.trim(Kind.IDEMPOTENCY, MAX_KEPT);
        inFlight.remove(use.id());
    }

    /** Frees the key of a request that was never executed. */
    public void release(Use use) {
        inFlight.remove(use.id());
    }

    /** Stripe's answer to a key that another request is using at the moment. */
    public static StripeRefusal inUse(String key) {
        return new StripeRefusal(
                409,
                "idempotency_error",
                "idempotency_key_in_use",
                "There is currently another in-progress request using this Idempotent Key (that probably means you"
                        + " submitted twice, and the other request is still going through): " + key + ".",
                null);
    }

    private static void refuseOtherUse(Use use, ObjectNode entry) {
        if (!use.endpoint().equals(Json.require(entry, "endpoint"))) {
            throw mismatch(
                    "the same endpoint they were first used for ('" + Json.require(entry, "endpoint") + "')", use);
        }
        if (!use.fingerprint().equals(Json.require(entry, "fingerprint"))) {
            throw mismatch("the same parameters they were first used with", use);
        }
    }

    private static StripeRefusal mismatch(String rule, Use use) {
        return new StripeRefusal(
                400,
                "idempotency_error",
                null,
                "Keys for idempotent requests can only be used with " + rule + ". Try using a key other than '"
                        + use.key() + "' if you meant to execute a different request.",
                null);
    }
}
