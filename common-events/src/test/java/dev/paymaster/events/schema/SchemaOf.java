package dev.paymaster.events.schema;

import com.fasterxml.classmate.ResolvedType;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON Schema of a message from its record. Each schema stands alone, in one piece, and allows fields it
 * doesn't name; a {@code @Nullable} component may be absent, and is never {@code null} in what the services write.
 */
final class SchemaOf {
    private static final String DIALECT = "$schema";
    private static final int AS_DECLARED = 0;

    private static final SchemaGenerator GENERATOR = generator();

    private SchemaOf() {}

    /** The schema as it is after writing and reading, so that it equals a checked-in one. */
    static ObjectNode message(MessageType type) {
        ObjectNode schema = GENERATOR.generateSchema(type.record());
        ObjectNode titled = Json.MAPPER.createObjectNode();
        titled.set(DIALECT, schema.get(DIALECT));
        titled.put("title", type.name()).setAll(schema);
        return Json.read(Json.pretty(titled));
    }

    /** The fields that a message of this type must have. */
    static Set<String> required(MessageType type) {
        return message(type)
                .path("required")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toSet());
    }

    private static SchemaGenerator generator() {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        Json.MAPPER, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(
                        Option.INLINE_ALL_SCHEMAS,
                        Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES,
                        Option.STANDARD_FORMATS,
                        Option.EXTRA_OPEN_API_FORMAT_VALUES);
        config.forTypesInGeneral()
                .withPropertySorter((_, _) -> AS_DECLARED)
                .withCustomDefinitionProvider(SchemaOf::enumAsWritten);
        config.forFields()
                .withRequiredCheck(SchemaOf::isRequired)
                .withPropertyNameOverrideResolver(SchemaOf::nameAsWritten)
                .withInstanceAttributeOverride((json, field, _) -> addLimits(json, field));
        return new SchemaGenerator(config.build());
    }

    private static String nameAsWritten(FieldScope field) {
        return PropertyNamingStrategies.SNAKE_CASE.nameForField(
                Json.MAPPER.serializationConfig(), null, field.getDeclaredName());
    }

    private static boolean isRequired(FieldScope field) {
        return !field.getRawMember().getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** What a list or map holds is asked for as a field of its own; limits are of the whole. */
    private static void addLimits(ObjectNode schema, FieldScope field) {
        if (!field.isFakeContainerItemScope()) {
            Limits.add(schema, field.getRawMember());
        }
    }

    private static @Nullable CustomDefinition enumAsWritten(ResolvedType type, SchemaGenerationContext context) {
        Object[] constants = type.getErasedType().getEnumConstants();
        if (constants == null) {
            return null;
        }
        ObjectNode schema = context.getGeneratorConfig().createObjectNode();
        schema.put("type", "string").set("enum", Json.MAPPER.valueToTree(constants));
        return new CustomDefinition(schema);
    }
}
