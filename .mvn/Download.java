import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;

/** For machines with neither curl nor wget: {@code java Download.java URL FILE}. Fails when the server does. */
class Download {
    private static final int TIMEOUT_MILLIS = 30_000;

    public static void main(String[] arguments) throws IOException {
        URLConnection connection = URI.create(arguments[0]).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        try (InputStream content = connection.getInputStream()) {
            Files.copy(content, Path.of(arguments[1]));
        }
    }
}
