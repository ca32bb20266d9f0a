package dev.paymaster.system.bench;

import dev.paymaster.messaging.Codec;
import dev.paymaster.messaging.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Makes {@code invoice.paid} events, each of another user, customer, subscription and invoice, byte for byte as Stripe's
 * sandbox sends them. For one thread.
 */
final class PaidInvoices {
    /** The price that the events bill, as the sandbox names the starter tier's. */
    static final String PRICE = "price_paymaster_starter";

    private static final String RESOURCE = "invoice-paid.json";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final int TIME_LENGTH = 4;
    private static final int CHANCE_LENGTH = 8;

    /** Events of one moment share the part that grows with time: as many as a busy account has in a minute. */
    private static final int PER_TICK = 1_000;

    private final String template = template();
    private long made;
    private final Ids users = Ids.timeOrdered();
    private final RandomGenerator random = RandomGenerator.getDefault();

    /** One event. */
    record Event(String id, String invoiceId, String customerId, byte[] body) {}

    Event next() {
        String id = id();
        String body =
                template.replace("{id}", id).replace("{user}", users.next().toString());
        return new Event("evt_" + id, "in_" + id, "cus_" + id, body.getBytes(StandardCharsets.UTF_8));
    }

    /** As Stripe has them: a part that grows with time, then the account's own, then chance. */
    private String id() {
        return "1T"
                + base62(made++ / PER_TICK, TIME_LENGTH)
                + "LkdIwHu7ix"
                + base62(random.nextLong(Long.MAX_VALUE), CHANCE_LENGTH);
    }

    private static String base62(long number, int length) {
        char[] digits = new char[length];
        long rest = number;
        for (int i = length - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(digits);
    }

    /** The resource is laid out for people; Stripe's webhooks have no line breaks. */
    private static String template() {
        try (InputStream in = PaidInvoices.class.getResourceAsStream(RESOURCE)) {
            byte[] json = Objects.requireNonNull(in, RESOURCE).readAllBytes();
            return Codec.json().writeValueAsString(Codec.json().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + RESOURCE, e);
        }
    }
}
