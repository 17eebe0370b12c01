/// The names of ``DangerousGlobals``, in groups.
///
/// A module stands for all that is in it.
/// Not here is what benign checkpoints name too, such as `functools.partial`: it calls only what
/// is named beside it.
enum DangerousGlobalTable {
    /// Names that do the same harm.
    struct Group {
        let reason: String
        let names: String
    }

    static let groups = [
        python, code, modules, programs, files, network, unpickling, torch, packages,
    ]

    private static let python = Group(
        reason: "reaches or changes anything in Python",
        names: """
            atexit builtins.delattr builtins.getattr builtins.globals builtins.locals
            builtins.setattr builtins.vars copyreg.add_extension copyreg.pickle gc
            inspect.getattr_static inspect.getmembers inspect.stack operator.attrgetter operator.call
            operator.delitem operator.methodcaller operator.setitem _operator.attrgetter
            _operator.call _operator.delitem _operator.methodcaller _operator.setitem sys
            types.CodeType types.FunctionType types.LambdaType types.ModuleType types.coroutine
            types.new_class weakref.finalize
            """)

    private static let code = Group(
        reason: "runs code that it is given as text or bytes",
        names: """
            bdb builtins.apply builtins.breakpoint builtins.compile builtins.eval builtins.exec
            builtins.execfile builtins.help builtins.input cProfile cgitb code.InteractiveConsole
            code.InteractiveInterpreter code.interact codeop dataclasses.make_dataclass doctest
            idlelib lib2to3 logging.config marshal pdb profile.Profile profile.run profile.runctx pydoc
            rlcompleter timeit trace.Trace typing.get_type_hints unittest.main unittest.mock
            """)

    private static let modules = Group(
        reason: "imports modules",
        names: """
            _frozen_importlib _frozen_importlib_external _imp builtins.__import__ distutils
            ensurepip imp importlib modulefinder numpy.distutils numpy.f2py pip pkg_resources pkgutil
            runpy setuptools torch._utils._import_dotted_name venv zipapp zipimport
            """)

    private static let programs = Group(
        reason: "starts programs or threads, or calls into the system",
        names: """
            _ctypes _posixsubprocess _pyrepl _thread _winapi _xxsubinterpreters asyncio cffi
            commands concurrent.futures ctypes faulthandler multiprocessing nt numpy.ctypeslib os
            platform._syscmd_file platform._syscmd_ver platform.popen popen2 posix pty
            sched.scheduler signal.alarm signal.pthread_kill signal.raise_signal signal.signal
            subprocess threading uuid._get_command_stdout uuid._popen webbrowser
            """)

    private static let files = Group(
        reason: "opens, changes or deletes files",
        names: """
            _io.FileIO _io.open _io.open_code _pyio builtins.file builtins.open bz2.open bz2.BZ2File
            codecs.open fileinput glob.glob gzip.open gzip.GzipFile io.FileIO io.open io.open_code
            linecache lzma.open lzma.LZMAFile mailbox mmap netrc numpy.DataSource
            numpy.core.records.fromfile numpy.fromfile numpy.genfromtxt numpy.loadtxt numpy.memmap
            numpy.rec.fromfile numpy.save numpy.savetxt numpy.savez numpy.savez_compressed
            pathlib.Path.open pathlib.Path.read_bytes pathlib.Path.read_text pathlib.Path.rename
            pathlib.Path.rmdir pathlib.Path.touch pathlib.Path.unlink pathlib.Path.write_bytes
            pathlib.Path.write_text pathlib.PosixPath.open pathlib.PosixPath.read_bytes
            pathlib.PosixPath.read_text pathlib.PosixPath.rename pathlib.PosixPath.rmdir
            pathlib.PosixPath.touch pathlib.PosixPath.unlink pathlib.PosixPath.write_bytes
            pathlib.PosixPath.write_text shutil sqlite3 tarfile tempfile tokenize.open zipfile
            """)

    private static let network = Group(
        reason: "opens connections",
        names: """
            _socket _ssl aiohttp ftplib http.client http.server httplib httplib2 httpx imaplib
            logging.handlers nntplib paramiko poplib requests.api requests.delete requests.get
            requests.head requests.patch requests.post requests.put requests.request
            requests.sessions select selectors smtpd smtplib socket socketserver ssl telnetlib
            urllib.request urllib.urlopen urllib.urlretrieve urllib2 urllib3 wsgiref xmlrpc.client
            xmlrpc.server
            """)

    private static let unpickling = Group(
        reason: "loads another pickle, which nothing has looked at",
        names: """
            _pickle cPickle cloudpickle.load cloudpickle.loads dill._dill.loads dill.load
            dill.loads joblib.load joblib.numpy_pickle.load jsonpickle.decode numpy.lib.npyio.load
            numpy.load pandas.read_csv pandas.read_hdf pandas.read_pickle pandas.io.pickle pickle
            ruamel.yaml shelve torch.jit.load torch.load torch.package torch.serialization._legacy_load
            torch.serialization._load torch.serialization.load yaml.full_load yaml.load
            yaml.unsafe_load
            """)

    private static let torch = Group(
        reason: "makes torch load, compile or run something",
        names: """
            torch.FloatStorage.from_file torch.UntypedStorage.from_file torch._dynamo.guards
            torch._inductor.codecache torch._inductor.compile_worker torch._inductor.cpp_builder
            torch.classes.load_library torch.compile torch.distributed.elastic
            torch.distributed.launch torch.distributed.rpc torch.distributed.run torch.from_file
            torch.fx.experimental.symbolic_shapes torch.fx.graph_module._exec_with_source
            torch.fx.graph_module._forward_from_src torch.fx.graph_module.reduce_deploy_graph_module
            torch.fx.graph_module.reduce_graph_module torch.fx.graph_module.reduce_package_graph_module
            torch.hub torch.jit.CompilationUnit torch.jit.script torch.jit.unsupported_tensor_ops
            torch.multiprocessing torch.ops.load_library torch.save torch.serialization.save
            torch.storage.UntypedStorage.from_file torch.testing._internal
            torch.utils._config_module torch.utils.bottleneck torch.utils.collect_env
            torch.utils.cpp_extension torch.utils.data.datapipes torch.utils.hipify
            torch.utils.model_zoo torch.utils.show_pickle
            """)

    private static let packages = Group(
        reason: "runs code or programs of its package's own",
        names: """
            IPython fabric huggingface_hub.hf_hub_download huggingface_hub.snapshot_download
            invoke.run jinja2 nltk.app numexpr.evaluate numpy.testing._private pandas.eval
            pexpect py_compile compileall pytest sympy.core.sympify sympy.parsing sympy.sympify
            transformers.dynamic_module_utils
            """)
}
