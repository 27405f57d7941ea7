using System.ComponentModel;

namespace System.Runtime.CompilerServices;

/// <summary>Lets records compile for the older framework that compilers load generators with.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
internal static class IsExternalInit
{
}
