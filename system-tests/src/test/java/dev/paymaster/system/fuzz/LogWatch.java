package dev.paymaster.system.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What all services log while it is open: errors, stack traces, and lines that hold a secret. */
public final class LogWatch extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final List<String> secrets;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final Queue<String> traces = new ConcurrentLinkedQueue<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    public LogWatch(List<String> secrets) {
        this.secrets = List.copyOf(secrets);
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        String text = event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage();
        if (event.getThrowableProxy() != null) {
            text += "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy());
        }
        if (event.getLevel().isGreaterOrEqual(Level.ERROR) || event.getThrowableProxy() != null) {
            errors.add(text);
        }
        if (event.getLevel().equals(Level.WARN)) {
            warnings.add(text);
        }
        if (event.getThrowableProxy() != null) {
            traces.add(text);
        }
        if (secrets.stream().anyMatch(text::contains)) {
            leaks.add(text);
        }
    }

    /** What is an error or has a stack trace, whoever logs it. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** What somebody might have to do something about. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What has a stack trace. */
    public List<String> traces() {
        return List.copyOf(traces);
    }

    /** What holds a secret. */
    public List<String> leaks() {
        return List.copyOf(leaks);
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
