using BTTInferGrid.Front.Errors;
using BTTInferGrid.Inference;

namespace BTTInferGrid.Front.Models;

/// <summary>Finds the model that a client names.</summary>
internal static class ModelLookup
{
    /// <exception cref="ApiException">There is no such model.</exception>
    public static ServedModel Require(this ModelCatalogue catalogue, string id) =>
        catalogue.Find(id) ?? throw ApiException.ModelNotFound(id);
}
