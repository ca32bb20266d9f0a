package dev.paymaster.gateway.http;

import io.netty.channel.AbstractChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** Answers everything that goes wrong as a problem. What is our fault is logged; what is the client's is not. */
@Component
@Order(-2) // before Spring Boot's own at -1
final class ProblemHandler implements WebExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        if (hasClientGone(failure)) {
            LOG.debug("request {}: the client has gone", RequestIds.of(exchange));
            return Mono.empty();
        }
        Problem problem = Failures.toProblem(failure);
        if (problem.status().value() == 500) {
            LOG.error("request {} failed", RequestIds.of(exchange), failure);
        } else if (problem != failure && problem.status().is5xxServerError()) {
            LOG.warn("request {}: {} ({})", RequestIds.of(exchange), problem.code(), failure.toString());
        }
        return Problems.write(exchange, problem);
    }

    /**
     * Whether the answer could not be written because nobody is there. Mostly Reactor Netty says so; but it puts a channel without a
     * thread in the place of one that has just been closed, and who writes to that hears Netty's own word (reactor-netty#3591).
     */
    private static boolean hasClientGone(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure instanceof AbortedException
                || (failure instanceof IllegalStateException
                        && trace.length > 0
                        && trace[0].getClassName().equals(AbstractChannel.class.getName()));
    }
}
