package dev.paymaster.system.chaos.plant;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.utility.JavaModule;

/** A Java agent that plants one bug. A process into which it can't be planted ends at once. */
public final class PlantAgent {
    private static final int NOT_PLANTED = 9;

    private PlantAgent() {}

    /** The option that plants a bug into a Java process; its class path is ours, so the agent itself is only a name. */
    public static String option(Bug bug, Path directory) {
        Path jar = directory.resolve("plant.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), PlantAgent.class.getName());
        manifest.getMainAttributes().put(new Attributes.Name("Can-Retransform-Classes"), "true");
        try {
            new JarOutputStream(Files.newOutputStream(jar), manifest).close();
            return "-javaagent:" + jar + "=" + bug.name();
        } catch (IOException e) {
            throw new UncheckedIOException("no agent could be made", e);
        }
    }

    /** Called by Java before the process's own main method. */
    public static void premain(String bug, Instrumentation instrumentation) {
        Bug planted = Bug.valueOf(bug);
        new AgentBuilder.Default()
                .with(AgentBuilder.TypeStrategy.Default.REDEFINE)
                .disableClassFormatChanges()
                .with(new Loud())
                .type(named(planted.type()))
                .transform((builder, type, loader, module, domain) -> {
                    int found =
                            type.getDeclaredMethods().filter(planted.method()).size();
                    if (found != 1) {
                        end(planted + ": " + found + " such methods in " + type);
                    }
                    return builder.visit(Advice.to(planted.advice()).on(planted.method()));
                })
                .installOn(instrumentation);
    }

    private static void end(String why) {
        System.err.println("not planted: " + why);
        Runtime.getRuntime().halt(NOT_PLANTED);
    }

    /** Tells what is planted, and ends the process when it can't be. */
    private static final class Loud extends AgentBuilder.Listener.Adapter {
        @Override
        public void onTransformation(
                TypeDescription type, ClassLoader loader, JavaModule module, boolean loaded, DynamicType dynamic) {
            System.err.println("planted into " + type);
        }

        @Override
        public void onError(String type, ClassLoader loader, JavaModule module, boolean loaded, Throwable failure) {
            end(type + ": " + failure);
        }
    }
}
