package dev.paymaster.system.chaos.plant;

import static net.bytebuddy.matcher.ElementMatchers.is;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy.Listener.ErrorEscalating;
import net.bytebuddy.agent.builder.ResettableClassFileTransformer;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.utility.JavaModule;
import org.jspecify.annotations.Nullable;

/** A Java agent that plants one bug at a time into a process that runs, in place of the one before. */
public final class PlantAgent {
    private static final String NONE = "";

    /** In the process that has it, with what it was planted by: nothing else takes it out again. */
    private static @Nullable Planting planted;

    private final Path jar;

    private record Planting(ResettableClassFileTransformer transformer, Instrumentation instrumentation) {
        boolean undo() {
            return transformer.reset(instrumentation, RedefinitionStrategy.RETRANSFORMATION);
        }
    }

    /** @param directory for a jar; the class path of the processes is ours, so it names the agent, and has nothing in it */
    public PlantAgent(Path directory) {
        jar = directory.resolve("plant.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Agent-Class"), PlantAgent.class.getName());
        manifest.getMainAttributes().put(new Attributes.Name("Can-Retransform-Classes"), "true");
        try {
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        } catch (IOException e) {
            throw new UncheckedIOException("no agent could be made", e);
        }
    }

    /** From now on, a process has this bug, and none that it had before. */
    public void plant(Bug bug, long pid) {
        load(bug.name(), pid);
    }

    /** From now on, a process has no bug. */
    public void weed(long pid) {
        load(NONE, pid);
    }

    private void load(String bug, long pid) {
        // On a busy machine, a process takes longer to answer than the JDK waits by default.
        System.setProperty("sun.tools.attach.attachTimeout", "60000");
        try {
            VirtualMachine process = VirtualMachine.attach(Long.toString(pid));
            try {
                process.loadAgent(jar.toString(), bug);
            } finally {
                process.detach();
            }
        } catch (AttachNotSupportedException | AgentLoadException | AgentInitializationException e) {
            throw new IllegalStateException("'" + bug + "' was not planted; the process's output says why", e);
        } catch (IOException e) {
            throw new UncheckedIOException("process " + pid + " can't be reached", e);
        }
    }

    /** Called by Java in the process; what it throws fails {@link #plant} there. */
    public static synchronized void agentmain(String bug, Instrumentation instrumentation)
            throws ClassNotFoundException {
        Planting former = planted;
        if (former != null && !former.undo()) {
            throw new IllegalStateException("the former bug is still there");
        }
        planted = null;
        if (!bug.equals(NONE)) {
            planted = new Planting(plant(Bug.valueOf(bug), instrumentation), instrumentation);
        }
    }

    private static ResettableClassFileTransformer plant(Bug bug, Instrumentation instrumentation)
            throws ClassNotFoundException {
        Class<?> type = Class.forName(bug.type(), false, PlantAgent.class.getClassLoader());
        Seen seen = new Seen();
        ResettableClassFileTransformer transformer = new AgentBuilder.Default()
                .with(RedefinitionStrategy.RETRANSFORMATION)
                .with(ErrorEscalating.FAIL_FAST)
                .with(AgentBuilder.TypeStrategy.Default.REDEFINE)
                .disableClassFormatChanges()
                .with(seen)
                .type(is(type))
                .transform((builder, description, loader, module, domain) -> {
                    int found = description
                            .getDeclaredMethods()
                            .filter(bug.method())
                            .size();
                    if (found != 1) {
                        throw new IllegalStateException(bug + ": " + found + " such methods in " + description);
                    }
                    return builder.visit(Advice.to(bug.advice()).on(bug.method()));
                })
                .installOn(instrumentation);
        if (!seen.transformed) {
            throw new IllegalStateException(bug + " is not planted", seen.failure);
        }
        return transformer;
    }

    /** What came of it: the JVM passes over failures. */
    private static final class Seen extends AgentBuilder.Listener.Adapter {
        private boolean transformed;
        private @Nullable Throwable failure;

        @Override
        public void onTransformation(
                TypeDescription type, ClassLoader loader, JavaModule module, boolean loaded, DynamicType dynamic) {
            transformed = true;
        }

        @Override
        public void onError(String type, ClassLoader loader, JavaModule module, boolean loaded, Throwable cause) {
            failure = cause;
        }
    }
}
