using System.Text.Encodings.Web;
using System.Text.Json;

namespace BTTInferGrid.Front.Json;

/// <summary>How the front writes JSON: as text is, escaped only where JSON needs it, since none of it is put into HTML.</summary>
internal static class FrontJson
{
    public static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
#if !DEBUG
        SkipValidation = true,
#endif
    };

    public const string ContentType = "application/json";
}
