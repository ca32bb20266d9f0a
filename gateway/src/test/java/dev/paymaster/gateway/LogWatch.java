package dev.paymaster.gateway;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/** What is logged while it is open, by whomever but the broker that runs beside. */
public final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private static final Pattern OF_THE_BROKER = Pattern.compile("(kafka\\.|org\\.apache\\.kafka\\.(?!clients))");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> traces = new ConcurrentLinkedQueue<>();

    public LogWatch() {
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (OF_THE_BROKER.matcher(event.getLoggerName()).lookingAt()) {
            return;
        }
        String line = event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage();
        lines.add(line);
        if (event.getThrowableProxy() != null) {
            traces.add(line + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** What has a stack trace. */
    public List<String> traces() {
        return List.copyOf(traces);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
