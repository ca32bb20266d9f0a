package dev.paymaster.system.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** HTTP as it is on the wire, so that nothing is put right on the way. */
final class RawHttp {
    private static final int LIMIT_MILLIS = 60_000;

    private RawHttp() {}

    /** What is wrong with a request: nothing, something, or that it isn't HTTP, and no answer of the application can be expected. */
    enum Kind {
        VALID,
        BROKEN,
        MALFORMED
    }

    /**
     * A request.
     *
     * @param head lines of the head, without Host, Connection and Content-Length
     */
    record Request(String line, List<String> head, byte[] body, Kind kind) {
        byte[] bytes() {
            StringBuilder text = new StringBuilder(line).append("\r\nHost: localhost\r\nConnection: close\r\n");
            head.forEach(each -> text.append(each).append("\r\n"));
            if (body.length > 0 || line.startsWith("P")) {
                text.append("Content-Length: ").append(body.length).append("\r\n");
            }
            byte[] start = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] all = new byte[start.length + body.length];
            System.arraycopy(start, 0, all, 0, start.length);
            System.arraycopy(body, 0, all, start.length, body.length);
            return all;
        }

        @Override
        public String toString() {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            return line + " " + head + " " + text.substring(0, Math.min(300, text.length()));
        }
    }

    /** An answer; status 0 when the connection was closed without one. */
    record Answer(int status, String head, String body) {
        boolean isProblem() {
            return head.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json");
        }
    }

    static Answer send(int port, Request request) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request.bytes());
                out.flush();
            } catch (SocketException e) {
                // It may have been answered before it was read to its end.
                received.reset();
            }
            socket.getInputStream().transferTo(received);
        } catch (SocketException | SocketTimeoutException e) {
            // One that is answered may stay open, if what is malformed hides that it should be closed.
            if (received.size() == 0) {
                return new Answer(0, "", e.toString());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("no answer to " + request, e);
        }
        return parsed(received.toString(StandardCharsets.UTF_8));
    }

    private static Answer parsed(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (!text.startsWith("HTTP/1.1 ") || end < 0) {
            return new Answer(0, "", text);
        }
        String head = text.substring(0, end);
        String body = text.substring(end + 4);
        return new Answer(Integer.parseInt(text.substring(9, 12)), head, body);
    }
}
