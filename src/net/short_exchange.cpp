#include "net/short_exchange.hpp"

#include "net/exchange_base.hpp"

#include <boost/asio/post.hpp>

#include <utility>
#include <variant>

namespace lineside::net {

namespace {

namespace asio = boost::asio;

// Handlers hold it until it is over.
template <class Stream>
class short_exchange_over final : public exchange_base<Stream>,
                                  public short_exchange,
                                  public std::enable_shared_from_this<short_exchange_over<Stream>> {
public:
    short_exchange_over(Stream& stream, connection& over, const http_call& call, const exchange_terms& terms,
                        exchange_progress& progress, std::shared_ptr<exchange_listener> listener)
        : exchange_base<Stream>(stream, over, call, terms, progress),
          listener_(std::move(listener)) {}

    void begin() {
        try {
            left_ = this->write_down(framing_of(this->call_), true);
            send();
        } catch (...) {
            asio::post(this->stream_.get_executor(),
                       [self = this->shared_from_this(), e = std::current_exception()] { self->conclude(e); });
        }
    }
    void cancel() noexcept override {
        cancelled_ = true;
        stop();
    }

private:
    // It may be over before it goes.
    void stop() noexcept override {
        if (listener_)
            this->close();
    }

    void send() {
        error_code ec;
        while (!left_.empty() && !ec) {
            const auto n = this->write_now(left_, ec);
            if (n == 0 && !ec)
                return write();
            this->wrote(left_, n);
        }
        receive_after(ec);
    }
    void write() {
        this->alive();
        this->stream_.async_write_some(this->piece_of(left_),
                                       [self = this->shared_from_this()](error_code ec, std::size_t n) {
                                           self->go_on([&] { self->sent(ec, n); });
                                       });
    }
    void sent(error_code ec, std::size_t n) {
        this->wrote(left_, n);
        ec ? receive_after(ec) : send();
    }
    // Who closes early may have said why.
    void receive_after(error_code ec) {
        if (ec && !this->progress_.wrote)
            this->fail_broken(ec, cancelled_);
        sent_ = !ec;
        this->next_parser();
        receive();
    }

    void receive() {
        for (;;) {
            while (!this->parser_->is_done()) {
                std::size_t used = 0;
                bool whole = false;
                if (!this->over_.in.empty()) {
                    whole = this->parse(*this->parser_, used);
                    this->over_.in.consume(used);
                }
                if (!whole)
                    return read();
            }
            if (this->is_final(*this->parser_))
                return conclude(nullptr);
            this->next_parser();
        }
    }
    void read() {
        this->stream_.async_read_some(this->space(), [self = this->shared_from_this()](error_code ec, std::size_t n) {
            self->go_on([&] { self->came(ec, n); });
        });
    }
    void came(error_code ec, std::size_t n) {
        if (ec)
            this->receive_end(*this->parser_, ec, cancelled_);
        else
            this->received(n);
        receive();
    }

    template <class Step>
    void go_on(Step step) {
        try {
            step();
        } catch (...) {
            if (!listener_) // what is thrown is not this exchange's
                throw;
            conclude(std::current_exception());
        }
    }
    void conclude(const std::exception_ptr& failure) {
        this->progress_.reusable = this->progress_.reusable && sent_ && !cancelled_;
        std::exchange(listener_, nullptr)->exchanged(failure, std::move(this->answer_));
    }

    std::shared_ptr<exchange_listener> listener_;
    std::string_view left_; // to be sent
    bool sent_ = false;     // all of it
    bool cancelled_ = false;
};

} // namespace

bool is_short(const http_call& call) noexcept { return !call.source && !call.sink && call.body.size() <= most_at_once; }

short_exchange& begin_exchange(connection& over, const http_call& call, const exchange_terms& terms,
                               exchange_progress& progress, std::shared_ptr<exchange_listener> listener) {
    return std::visit(
        [&]<class Stream>(Stream& stream) -> short_exchange& {
            const auto e =
                std::make_shared<short_exchange_over<Stream>>(stream, over, call, terms, progress, std::move(listener));
            e->begin();
            return *e; // which its handlers hold
        },
        over.stream);
}

} // namespace lineside::net
