package dev.paymaster.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paymaster.gateway.http.Problem;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

class BodyInHandTest {
    private static final int MOST = 1 << 20;
    private static final int PART = 255 << 10;

    private final BytesInHand room = new BytesInHand();

    @Test
    void isWholeInHoweverManyParts() {
        BodyInHand body = room.body(MOST);
        byte[] expected = new byte[1000];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
            body.append(part((byte) i));
        }
        body.append(part());

        assertThat(body.bytes()).isEqualTo(expected);
    }

    @Test
    void isAsLargeAsItMayBe() {
        BodyInHand body = room.body(MOST);
        body.append(part(new byte[MOST - 1]));
        body.append(part(new byte[1]));

        assertThatThrownBy(() -> body.append(part(new byte[1])))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE));
        assertThat(body.bytes()).hasSize(MOST);
    }

    @Test
    void leavesThreeQuartersOfTheRoomToOthers() {
        ServerWebExchange one = from("203.0.113.1");
        List<BodyInHand> ofOne = asManyAsFit(one);
        List<BodyInHand> ofOthers = new ArrayList<>();
        for (int i = 2; i < 5; i++) {
            ofOthers.addAll(asManyAsFit(from("203.0.113." + i)));
        }
        assertThat(ofOthers).hasSize(3 * ofOne.size());

        ofOthers.forEach(BodyInHand::end);
        ofOne.forEach(BodyInHand::known);
        List<BodyInHand> more = asManyAsFit(one);
        assertThat(more).as("beside what is known").hasSameSizeAs(ofOne);

        more.forEach(BodyInHand::end);
        ofOne.forEach(BodyInHand::end);
        ofOne.forEach(BodyInHand::end);
        assertThat(asManyAsFit(one)).as("when all is given back, once").hasSameSizeAs(ofOne);
    }

    private List<BodyInHand> asManyAsFit(ServerWebExchange stranger) {
        List<BodyInHand> bodies = new ArrayList<>();
        while (true) {
            BodyInHand body = room.bodyOfStranger(PART, stranger);
            try {
                body.append(part(new byte[PART]));
            } catch (Problem full) {
                assertThat(full.status()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
                return bodies;
            }
            bodies.add(body);
        }
    }

    private static ServerWebExchange from(String address) {
        return MockServerWebExchange.from(
                MockServerHttpRequest.post("/").remoteAddress(new InetSocketAddress(address, 443)));
    }

    private static DataBuffer part(byte... bytes) {
        return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
    }
}
