/* The mock CUDA driver of the development kit, and the calls that it lacks.
 *   cc -O2 -shared -fPIC -DKIT='"mock_cuda.c"' -I KIT/mock -Wl,-soname,libcuda.so.1 -o libcuda.so.1 mock_driver.c -lpthread */
#include KIT

int cuStreamWaitEvent(P stream, P event, unsigned flags)
{
    IN("cuStreamWaitEvent");
    use("cuStreamWaitEvent", stream);
    use("cuStreamWaitEvent", event);
    return 0;
}
