using BulkImplantScan.Results;

namespace BulkImplantScan.Archive.Containers;

/// <summary>A file in a container; folders in it are none.</summary>
/// <param name="Name">Its path there, the container's own bytes (7z: UTF-8), never used as a path of this machine.</param>
/// <param name="At">Where it is: byte of its header (zip, tar), number (7z); ascending in one container.</param>
/// <param name="Bytes">Size when unpacked, as declared; −1 when only reading to the end can tell.</param>
/// <param name="Reason">Why it cannot be read, or None.</param>
/// <param name="Detail">As <see cref="FilmRow.Detail"/>.</param>
internal readonly record struct ContainerMember(byte[] Name, long At, long Bytes, Reason Reason = Reason.None, string? Detail = null);
