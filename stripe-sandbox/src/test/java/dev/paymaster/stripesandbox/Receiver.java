package dev.paymaster.stripesandbox;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.model.Event;
import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.IntUnaryOperator;

/** A webhook endpoint that remembers what it got and answers what it is told. */
final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
    private volatile IntUnaryOperator statusOfAttempt = attempt -> 200;

    record Delivery(String body, String signature) {
        /** The event, if the signature is right. */
        Event verified(String secret) {
            try {
                return Webhook.constructEvent(body, signature, secret);
            } catch (SignatureVerificationException e) {
                throw new AssertionError("A bad signature: " + signature, e);
            }
        }
    }

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                deliveries.add(new Delivery(body, exchange.getRequestHeaders().getFirst("Stripe-Signature")));
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(statusOfAttempt.applyAsInt(deliveries.size()), -1);
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    /** Sets the status of each answer by the number of the delivery, from 1. */
    void answer(IntUnaryOperator status) {
        statusOfAttempt = status;
    }

    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    List<Event> events(String secret) {
        return deliveries.stream().map(delivery -> delivery.verified(secret)).toList();
    }

    List<String> types(String secret) {
        return events(secret).stream().map(Event::getType).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
