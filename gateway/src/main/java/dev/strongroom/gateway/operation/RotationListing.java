package dev.strongroom.gateway.operation;

import dev.strongroom.api.KmsError;
import dev.strongroom.api.KmsException;
import dev.strongroom.api.Operation;
import dev.strongroom.hsm.protocol.Freshness;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Page;
import dev.strongroom.hsm.protocol.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.kms.model.ExpirationModelType;
import software.amazon.awssdk.services.kms.model.ImportState;
import software.amazon.awssdk.services.kms.model.IncludeKeyMaterial;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsRequest;
import software.amazon.awssdk.services.kms.model.ListKeyRotationsResponse;
import software.amazon.awssdk.services.kms.model.RotationsListEntry;

/**
 * ListKeyRotations: the generations of a key's material, oldest first. ROTATIONS_ONLY shows those that came by a rotation,
 * ALL_KEY_MATERIAL the first one and those that wait as well. All of it stands in the key's record.
 */
final class RotationListing {

    private static final int DEFAULT_PAGE = 100;
    private static final int MAXIMUM_PAGE = 1000;

    private RotationListing() {}

    static Map<Operation, OperationRow<?, ?>> rows() {
        return Map.of(
                Operation.LIST_KEY_ROTATIONS,
                new OperationRow<ListKeyRotationsRequest, ListKeyRotationsResponse>(
                        (request, context) -> List.of(KeyNeeds.key(request.keyId(), "kms:ListKeyRotations", context)),
                        RotationListing::listKeyRotations,
                        Freshness.QUORUM,
                        request -> false));
    }

    private static Plan<ListKeyRotationsResponse> listKeyRotations(
            ListKeyRotationsRequest request, List<Reply.FoundKey> keys, RequestContext context) {
        var key = keys.get(0).key();
        RotationOperations.requireNotOfKeyStore(key);
        RotationOperations.requireSymmetric(key);
        var all = request.includeKeyMaterial() == IncludeKeyMaterial.ALL_KEY_MATERIAL;
        var filter = all ? IncludeKeyMaterial.ALL_KEY_MATERIAL : IncludeKeyMaterial.ROTATIONS_ONLY;
        var list = "ListKeyRotations/" + KeyChecks.arn(key) + "/" + filter;
        var page = Marker.page(request.marker(), request.limit(), DEFAULT_PAGE, MAXIMUM_PAGE, list);
        var rest = after(
                page,
                key.backingKeys().stream()
                        .filter(each -> all || each.rotation().isPresent())
                        .toList());
        boolean truncated = rest.size() > page.limit();
        var shown = truncated ? rest.subList(0, page.limit()) : rest;
        var response = ListKeyRotationsResponse.builder()
                .rotations(shown.stream().map(each -> entry(key, each)).toList())
                .truncated(truncated);
        if (truncated) {
            response.nextMarker(Marker.after(shown.get(shown.size() - 1).materialId(), key.newestRevision(), list));
        }
        return new Plan.Answer<>(response.build());
    }

    /** Generations are not taken out of a list while their key lives, so that the last one shown is still in it. */
    private static List<KeyRecord.BackingKey> after(Page page, List<KeyRecord.BackingKey> generations) {
        if (page.after().isEmpty()) {
            return generations;
        }
        for (int i = 0; i < generations.size(); i++) {
            if (generations.get(i).materialId().equals(page.after())) {
                return generations.subList(i + 1, generations.size());
            }
        }
        throw KmsException.of(KmsError.INVALID_MARKER, "The marker is not valid for this list.");
    }

    private static RotationsListEntry entry(KeyRecord key, KeyRecord.BackingKey generation) {
        var entry = RotationsListEntry.builder()
                .keyId(KeyChecks.arn(key))
                .keyMaterialId(generation.materialId())
                .keyMaterialState(generation.state().name());
        generation.rotation().ifPresent(type -> entry.rotationType(type.name()).rotationDate(generation.created()));
        generation.imported().ifPresent(imported -> {
            entry.importState(imported.present() ? ImportState.IMPORTED : ImportState.PENDING_IMPORT);
            Optional.of(imported.description())
                    .filter(text -> !text.isEmpty())
                    .ifPresent(entry::keyMaterialDescription);
            if (imported.present()) {
                entry.expirationModel(
                        imported.validTo().isPresent()
                                ? ExpirationModelType.KEY_MATERIAL_EXPIRES
                                : ExpirationModelType.KEY_MATERIAL_DOES_NOT_EXPIRE);
                imported.validTo().ifPresent(entry::validTo);
            }
        });
        return entry.build();
    }
}
