package dev.paymaster.gateway.http;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The contract of this API, for programs. */
@RestController
final class ContractController {
    private static final Resource OPENAPI = new ClassPathResource("/dev/paymaster/gateway/openapi.json");

    @GetMapping("/openapi.json")
    ResponseEntity<Resource> openapi() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(OPENAPI);
    }
}
