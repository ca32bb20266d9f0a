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
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int ID_LENGTH = 24;

    private final String template = template();
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

    private String id() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
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
