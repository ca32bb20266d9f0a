package dev.paymaster.system.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The project's files are finished, and nobody's machine shows in them. */
class TidyTest {
    /** Tests run in their module's folder. */
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void theProjectIsTidy() throws IOException {
        assertThat(Tidiness.files(PROJECT)).hasSizeGreaterThan(300);
        assertThat(Tidiness.findings(PROJECT)).isEmpty();
    }

    @Test
    void exceptionsAreMadeOnlyForFilesThatAreThere() {
        assertThat(Tidiness.excepted())
                .allSatisfy(name -> assertThat(PROJECT.resolve(name)).exists());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "notes.md | // %s: later | TO + DO | work that was put off",
                "a/src/test/java/A.java | @Disa%s class A {} | bl + ed | a test that is switched off",
                "a/src/main/java/A.java | Thread.sle%s(5); | e + p | sleeps instead of waiting",
                "a/src/main/java/A.java | LockSupport.parkNan%s(5); | o + s | sleeps instead of waiting",
                "script.sh | cd /ho%s/somebody/project | m + e | a path of one machine",
                "deep/er/application.yml | file: \"/wo%s/x.log\" | r + k | a path of one machine",
            })
    void seesWhatIsPlanted(String file, String line, String halves, String finding, @TempDir Path project)
            throws IOException {
        write(project.resolve(file), line.formatted(halves.replace(" + ", "")));
        write(project.resolve("target/generated.java"), line.formatted(halves.replace(" + ", "")));
        write(project.resolve("fine.md"), "Nothing here: see https://example.com/home/page and ~/.m2/work/x.");

        assertThat(Tidiness.findings(project)).hasSize(1).first().asString().contains(file + ":1", finding);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + "\n");
    }
}
