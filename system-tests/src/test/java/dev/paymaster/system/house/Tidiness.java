package dev.paymaster.system.house;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds in the project's own files what should not be there. */
final class Tidiness {
    /** Made by builds, runs and editors; nobody commits them. */
    private static final Set<String> NOT_OURS =
            Set.of("target", ".git", ".paymaster", ".idea", ".vscode", "node_modules");

    private static final Set<String> TEXT = Set.of(
            "java", "sql", "yml", "yaml", "xml", "properties", "json", "md", "sh", "html", "css", "js", "Dockerfile");

    /** Written so that this file doesn't break its own rules. */
    private static final Pattern LEFT_OVER = Pattern.compile("\\b(TO[D]O|FIXM[E]|XX[X])\\b");

    private static final Pattern SWITCHED_OFF = Pattern.compile("@Disable[d]\\b");
    private static final Pattern SLEEP = Pattern.compile("\\b(Thread\\.slee[p]|parkNano[s])\\(");
    private static final Pattern SOMEBODYS_PATH = Pattern.compile("(?<![\\w.}*-])/(home|root|work|Users)/\\w");

    /** Waiting is right here, and nothing could tell these when to go on. */
    private static final Map<String, String> MAY_SLEEP = Map.of(
            "stripe-sandbox/src/main/java/dev/paymaster/stripesandbox/ApiDoor.java",
            "being slow is the fault that it was told to have",
            "embedded/src/main/java/dev/paymaster/embedded/PostgresServer.java",
            "asks a server that is starting, which says nothing by itself",
            "standalone/src/main/java/dev/paymaster/standalone/Readiness.java",
            "asks a probe that only answers when asked",
            "standalone/src/main/java/dev/paymaster/standalone/demo/Api.java",
            "asks an API that only answers when asked",
            "system-tests/src/main/java/dev/paymaster/system/command/Waiting.java",
            "asks what only answers when asked, and makes faults last and people take their time");

    private static final Map<String, String> MAY_NAME_A_PATH =
            Map.of("docker/Dockerfile", "the home of the user inside the image that builds");

    private final Path root;
    private final List<String> findings = new ArrayList<>();

    private Tidiness(Path root) {
        this.root = root;
    }

    /** Every finding as file, line and what it is. */
    static List<String> findings(Path root) throws IOException {
        Tidiness tidiness = new Tidiness(root);
        for (Path file : files(root)) {
            tidiness.look(file);
        }
        return tidiness.findings;
    }

    /** All text files that are the project's own. */
    static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                boolean skip = !directory.equals(root)
                        && NOT_OURS.contains(directory.getFileName().toString());
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (TEXT.contains(name.substring(name.lastIndexOf('.') + 1)) || Files.isExecutable(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private void look(Path file) throws IOException {
        String name = root.relativize(file).toString().replace('\\', '/');
        boolean mainCode = name.contains("src/main/java/");
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String where = name + ":" + number + ": ";
            find(LEFT_OVER, line, where + "work that was put off");
            find(SWITCHED_OFF, line, where + "a test that is switched off");
            if (mainCode && !MAY_SLEEP.containsKey(name)) {
                find(SLEEP, line, where + "sleeps instead of waiting for something");
            }
            if (!MAY_NAME_A_PATH.containsKey(name)) {
                find(SOMEBODYS_PATH, line, where + "a path of one machine");
            }
        }
    }

    private void find(Pattern pattern, String line, String finding) {
        if (pattern.matcher(line).find()) {
            findings.add(finding + ": " + line.strip());
        }
    }

    /** Files that an exception is made for. */
    static Set<String> excepted() {
        Set<String> names = new TreeSet<>(MAY_SLEEP.keySet());
        names.addAll(MAY_NAME_A_PATH.keySet());
        return names;
    }
}
