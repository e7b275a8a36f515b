package dev.strongroom.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.strongroom.hsm.protocol.IdentityRecord;
import java.util.List;
import java.util.Map;

/** Records as JSON, for people and programs. */
final class IdentityJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private IdentityJson() {}

    static ObjectNode object() {
        return JSON.objectNode();
    }

    /** {@code {"user": {…}}}. */
    static ObjectNode one(String name, IdentityRecord identity) {
        return object().set(name, of(identity));
    }

    /** {@code {"users": […]}}, without documents. */
    static ObjectNode many(String name, List<? extends IdentityRecord> identities) {
        var array = JSON.arrayNode();
        identities.forEach(identity -> {
            var item = of(identity);
            item.remove(List.of("inlinePolicies", "trustPolicy", "document", "keys"));
            array.add(item);
        });
        return object().set(name, array);
    }

    static ObjectNode of(IdentityRecord identity) {
        var json = object();
        if (identity instanceof IdentityRecord.Account account) {
            return json.put("account", account.accountId())
                    .put("open", account.open())
                    .put("created", account.created().toString());
        } else if (identity instanceof IdentityRecord.Principal principal) {
            write(principal, json);
        } else if (identity instanceof IdentityRecord.ManagedPolicy policy) {
            json.put("name", policy.name().name())
                    .put("arn", policy.policy().arn())
                    .put("created", policy.created().toString())
                    .put("updated", policy.updated().toString())
                    .put("document", policy.policy().document());
        } else if (identity instanceof IdentityRecord.OidcProvider provider) {
            json.put("url", "https://" + provider.name().name())
                    .put("arn", provider.arn())
                    .put("created", provider.created().toString())
                    .set("clientIds", texts(provider.clientIds()));
            json.put("keys", provider.keys());
        } else if (identity instanceof IdentityRecord.AccessKey accessKey) {
            json.put("accessKeyId", accessKey.identity().accessKeyId())
                    .put("arn", accessKey.identity().principalArn())
                    .put("status", accessKey.active() ? "Active" : "Inactive")
                    .put("created", accessKey.created().toString());
        }
        return json;
    }

    private static void write(IdentityRecord.Principal principal, ObjectNode json) {
        var holder = principal.holder();
        json.put("name", principal.name().name())
                .put("arn", holder.arn())
                .put("id", holder.uniqueId())
                .put("created", principal.created().toString());
        json.set("tags", texts(holder.tags()));
        json.set("attachedPolicies", texts(principal.attached()));
        principal.boundary().ifPresent(arn -> json.put("permissionsBoundary", arn));
        json.set("inlinePolicies", texts(holder.inlinePolicies()));
        principal
                .role()
                .ifPresent(role -> json.put("maxSessionSeconds", role.maxSessionSeconds())
                        .put("trustPolicy", role.trustPolicy().text()));
    }

    private static ArrayNode texts(List<String> texts) {
        var array = JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static ObjectNode texts(Map<String, String> texts) {
        var object = object();
        texts.forEach(object::put);
        return object;
    }
}
