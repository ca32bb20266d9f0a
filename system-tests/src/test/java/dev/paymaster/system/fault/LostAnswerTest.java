package dev.paymaster.system.fault;

import static dev.paymaster.system.world.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.events.Envelope;
import dev.paymaster.events.Topics;
import dev.paymaster.system.process.Proxy;
import dev.paymaster.system.proof.Scenario;
import dev.paymaster.system.world.Answer;
import dev.paymaster.system.world.Api;
import dev.paymaster.system.world.KafkaLog;
import dev.paymaster.system.world.Person;
import dev.paymaster.system.world.Webhooks;
import dev.paymaster.system.world.World;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A gateway of its own, beside the one of the world, is killed while Stripe waits for its answer. */
class LostAnswerTest implements Scenario {
    /** A JVM more, on a machine that may have other things to do. */
    private static final Duration START = Duration.ofMinutes(4);

    private final World world = World.forFaults();

    @TempDir
    Path directory;

    private ServiceProcess gateway;

    @Override
    public World world() {
        return world;
    }

    /** Stripe says nothing by itself: this test carries its events. */
    @BeforeEach
    void silenceStripe() {
        gateway = ServiceProcess.startGateway(world, directory, world.database().port());
        world.stripe().breakWith("{\"kind\": \"webhook_drop\"}");
    }

    @AfterEach
    void letStripeSpeak() {
        world.stripe().heal();
        gateway.close();
    }

    @Test
    void creditsOnceWhenTheGatewayIsKilledBetweenKafkasAnswerAndItsOwn() {
        Person sender = world.newPerson("Sam");
        JsonNode event = invoicePaid(world.subscribe(sender, "starter"));
        try (Proxy way = Proxy.start("the gateway", List.of(gateway.url().getPort()));
                ExecutorService stripe = Executors.newVirtualThreadPerTaskExecutor()) {
            eventually("a second gateway").atMost(START).until(() -> gateway.probe("readiness") == 200);
            way.holdAnswers();
            Webhooks door =
                    new Webhooks(new Api(URI.create("http://127.0.0.1:" + way.port()), null), "whsec_of_a_process");
            CompletableFuture<Answer> answer =
                    CompletableFuture.supplyAsync(() -> door.deliver(event.toString()), stripe);
            eventually("the event in Kafka").until(() -> timesInKafka(event) == 1);

            gateway.close(); // kill -9
            way.refuse();

            assertThatThrownBy(answer::join).hasRootCauseInstanceOf(IOException.class);
        }

        world.webhooks().deliver(event.toString()).expect(200);

        assertThat(timesInKafka(event)).isEqualTo(2);
        world.comesToRest();
        sender.awaitCredits(50, 0);
        assertThat(sender.api().get("/api/credits/entries").expect(200).json().path("data"))
                .hasSize(1);
    }

    private long timesInKafka(JsonNode event) {
        String id = event.path("id").stringValue();
        return world.kafka().read(Topics.STRIPE_EVENTS).stream()
                .filter(record -> KafkaLog.header(record, Envelope.HEADER_ID).equals(id))
                .count();
    }

    private JsonNode invoicePaid(String session) {
        String customer = world.stripe()
                .fetch("/v1/checkout/sessions/" + session)
                .path("customer")
                .stringValue();
        return eventually("an invoice")
                .until(
                        () -> world.stripe().events("invoice.paid").stream()
                                .filter(event -> event.toString().contains("\"" + customer + "\""))
                                .toList(),
                        events -> !events.isEmpty())
                .getFirst();
    }
}
