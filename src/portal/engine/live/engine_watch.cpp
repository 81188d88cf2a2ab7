#include "portal/engine/live/engine_watch.hpp"

#include "model/process.hpp"
#include "portal/engine/live/live_hub.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/system_executor.hpp>

#include <utility>

namespace lineside {

watch::~watch() = default;

namespace {

class engine_watch final : public watch {
public:
    engine_watch(std::shared_ptr<engine_core> core, std::shared_ptr<const credential> shown, watch_request request)
        : core_(std::move(core)),
          watcher_(std::make_shared<watcher>(std::move(shown), std::move(request))) {}
    ~engine_watch() override { core_->hub->close(watcher_, errc::cancelled); }

    [[nodiscard]] executor_type get_executor() const noexcept override { return core_->executor(); }
    void close() override { core_->hub->close(watcher_, errc::cancelled); }

private:
    void do_next(operation_context context, completion done) override;
    void let_end_early(waiting_read& read, const call_options& options);

    std::shared_ptr<engine_core> core_;
    std::shared_ptr<watcher> watcher_;
};

void engine_watch::do_next(operation_context context, completion done) {
    const std::shared_lock use(core_->using_);
    const bool forked = core_->owner != this_process();
    const bool gone = core_->closed || forked;
    const auto& options = context.options;
    auto executor = asio::any_completion_executor();
    auto slot = asio::cancellation_slot();
    auto outside = asio::any_io_executor();
    if (!context.caller_waits) {
        outside = gone ? asio::any_io_executor(asio::system_executor()) : core_->threads().get_executor();
        const auto fallback = gone ? outside : core_->executor();
        executor =
            asio::prefer(asio::get_associated_executor(done, fallback), asio::execution::outstanding_work.tracked);
        slot = asio::get_associated_cancellation_slot(done);
    }
    auto read = std::make_unique<waiting_read>(std::move(done));
    read->details = std::move(context.details);
    read->caller_waits = context.caller_waits;
    read->executor = std::move(executor);
    read->outside = std::move(outside);
    read->slot = slot;
    if (gone) {
        live_hub::fail(std::move(read), error(errc::unavailable, forked ? "an engine cannot be used in a forked child"
                                                                        : "the engine is closed"));
        return;
    }
    read->id = core_->hub->next_read_id();
    if (slot.is_connected() || options.stop.stop_possible() || options.timeout.count() > 0)
        let_end_early(*read, options);
    core_->hub->next(watcher_, std::move(read));
}

// What ends it may outlive the read, the watch and the engine.
void engine_watch::let_end_early(waiting_read& read, const call_options& options) {
    read.stopped = std::make_shared<std::atomic<bool>>(false);
    const auto stop = [core = core_, of = std::weak_ptr(watcher_), id = read.id, stopped = read.stopped](errc why) {
        stopped->store(true);
        if (const auto w = of.lock())
            core->hub->stop(w, id, why);
    };
    if (read.slot.is_connected())
        read.slot.assign([stop](asio::cancellation_type type) {
            if (type != asio::cancellation_type::none)
                stop(errc::cancelled);
        });
    if (!options.stop.stop_possible() && options.timeout.count() <= 0)
        return;
    read.early = std::make_unique<waiting_read::end>();
    if (options.stop.stop_possible())
        read.early->stop.emplace(options.stop, [stop] { stop(errc::cancelled); });
    if (options.timeout.count() > 0) {
        auto& deadline = read.early->deadline.emplace(core_->threads().get_executor(), options.timeout);
        deadline.async_wait([stop](error_code ec) {
            if (!ec)
                stop(errc::timed_out);
        });
    }
}

} // namespace

std::shared_ptr<watch> make_engine_watch(std::shared_ptr<engine_core> core, std::shared_ptr<const credential> shown,
                                         watch_request request) {
    return std::make_shared<engine_watch>(std::move(core), std::move(shown), std::move(request));
}

} // namespace lineside
