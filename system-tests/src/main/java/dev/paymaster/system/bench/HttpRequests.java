package dev.paymaster.system.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** HTTP/1.1 requests as they go over the wire. */
final class HttpRequests {
    private HttpRequests() {}

    static byte[] post(URI url, Map<String, String> headers, byte[] json) {
        StringBuilder head = new StringBuilder("POST " + url.getPath() + " HTTP/1.1\r\n");
        head.append("Host: ").append(url.getAuthority()).append("\r\n");
        head.append("Content-Type: application/json\r\n");
        head.append("Content-Length: ").append(json.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[first.length + json.length];
        System.arraycopy(first, 0, request, 0, first.length);
        System.arraycopy(json, 0, request, first.length, json.length);
        return request;
    }
}
